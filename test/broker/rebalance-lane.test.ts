import { randomUUID } from 'node:crypto';
import { expect, test } from 'vitest';
import { groupDefaults } from '../../src/config/group.ts';
import { createTopic } from '../../src/kafka/kafkajs/create-topic.ts';
import { runRebalanceLane } from '../../src/benchmark/experiments/rebalance/run/rebalance-lane.ts';
import { rebalanceReport } from '../../src/benchmark/experiments/rebalance/rebalance-schema.ts';
import { withBrokers } from '../support/brokers.ts';

test('a member joins and one leaves: eager members stop what they keep, those of the new protocol do not', async () => {
  // A member whose session ended in a pause of the machine would have given its partitions back.
  const properties = { 'group.consumer.session.timeout.ms': '30000' };
  await withBrokers(
    async ({ connection }) => {
      const topic = `test-${randomUUID().slice(0, 8)}`;
      const partitions = 4;
      await createTopic({ connection, topic, partitions, replicationFactor: undefined, timeoutMs: 20_000 });
      const nothing = (): void => undefined;
      const made = await runRebalanceLane(
        {
          connection,
          topic,
          partitions,
          workload: { type: 'book' },
          group: groupDefaults,
          protocols: ['range', 'consumer'],
          causes: ['join', 'leave'],
          repetitions: 1,
          ratePerSecond: 800,
          timeoutMs: 20_000,
        },
        { signal: new AbortController().signal, log: nothing, warn: nothing, live: nothing, notice: nothing },
      );
      expect(made.error).toBeUndefined();
      const { rows, timeline, marks, verified, runs } = rebalanceReport.parse(made.report);
      expect(verified).toBe(true);
      expect(made.runsPlanned).toBe(2);
      const changes = [{ cause: 'join' }, { cause: 'leave' }];
      expect(runs).toMatchObject([
        { protocol: 'range', repetition: 1, changes, verified: true },
        { protocol: 'consumer', repetition: 1, changes, verified: true },
      ]);
      expect(
        rows.map(({ protocol, cause, fromMembers, toMembers }) => [protocol, cause, fromMembers, toMembers]),
      ).toEqual([
        ['range', 'join', 2, 3],
        ['range', 'leave', 3, 2],
        ['consumer', 'join', 2, 3],
        ['consumer', 'leave', 3, 2],
      ]);
      for (const { protocol, moved, stoppedThoughKept } of rows) {
        expect(moved).toBeGreaterThanOrEqual(1);
        // All of the four partitions that did not move.
        if (protocol === 'range') expect(stoppedThoughKept.partitions).toBeGreaterThanOrEqual(1);
        else expect(stoppedThoughKept.partitions).toBe(0);
      }
      expect(marks.map(({ cause }) => cause)).toEqual(['join', 'leave', 'join', 'leave']);
      for (const { fromMs, toMs } of timeline) expect(toMs).toBeGreaterThanOrEqual(fromMs);
      for (const partition of [0, 1, 2, 3]) {
        // One owner at a time, on one clock.
        const owned = timeline
          .filter((one) => one.protocol === 'consumer' && one.kind === 'owned' && one.partition === partition)
          .sort((a, b) => a.fromMs - b.fromMs);
        for (const [index, { fromMs }] of owned.entries()) {
          expect(fromMs).toBeGreaterThanOrEqual(owned[index - 1]?.toMs ?? 0);
        }
      }
    },
    { settings: { properties, jvmOptions: [] } },
  );
});
