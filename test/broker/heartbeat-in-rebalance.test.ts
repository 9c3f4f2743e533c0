import { randomUUID } from 'node:crypto';
import { setImmediate as turn } from 'node:timers/promises';
import { expect, onTestFinished, test } from 'vitest';
import type { BatchConsumer, RebalanceEvent } from '../../src/kafka/native/consumer.ts';
import { answerRebalance, member, type TestMember } from '../kafka/native/test-group.ts';
import { fillTopic } from '../support/filled-topic.ts';
import { withProxiedBrokers } from '../support/proxied-brokers.ts';

const heartbeatMs = 1_000;

/** Serves the members' callbacks until `enough` returns true. */
async function poll(members: readonly BatchConsumer[], enough: () => boolean, timeoutMs: number): Promise<boolean> {
  const endMs = performance.now() + timeoutMs;
  while (!enough() && performance.now() < endMs) {
    for (const consumer of members) consumer.consumeBatch(10, 100);
    await turn();
  }
  return enough();
}

const assigned = ({ events }: TestMember): boolean => events.some(({ partitions }) => partitions.length > 0);

test('a member keeps the partitions that it is being assigned, although a heartbeat response was lost', async () => {
  await withProxiedBrokers(
    async ({ brokers, proxy, connection }) => {
      const { topic } = await fillTopic(brokers.connection, { records: 100 });
      const options = {
        ...{ connection, topic, groupId: `g-${randomUUID().slice(0, 8)}` },
        properties: { 'group.protocol': 'consumer' },
      };
      /** The first member is slow to accept its assignment. */
      let held: RebalanceEvent | undefined;
      let holds = true;
      const first = member({
        ...options,
        clientId: 'slow',
        onRebalance: (event, consumer) => {
          if (holds) held = event;
          else answerRebalance(event, consumer);
        },
      });
      const second = member({ ...options, clientId: 'second' });
      const consumers = [first.consumer, second.consumer];
      onTestFinished(async () => {
        await Promise.all(consumers.map((consumer) => consumer.close(10_000)));
      });
      for (const consumer of consumers) consumer.connect();
      first.consumer.subscribe();
      expect(await poll(consumers, () => held !== undefined, 20_000)).toBe(true);
      expect(held?.partitions).toHaveLength(4);

      // Its next heartbeat gets no response in time; the one after that is a full request.
      const heal = proxy.add({ clientIdPrefix: 'slow', nodeIds: [1, 2], toMember: { delayMs: 4 * heartbeatMs } });
      second.consumer.subscribe();
      const assignedAtOnce = await poll(consumers, () => assigned(second), 8 * heartbeatMs);
      expect(assignedAtOnce, 'the second member was assigned partitions of the first').toBe(false);

      heal();
      holds = false;
      if (held !== undefined) answerRebalance(held, first.consumer);
      expect(await poll(consumers, () => assigned(second), 30_000)).toBe(true);
      const [whole, part, ...further] = first.events.filter(({ partitions }) => partitions.length > 0);
      expect(whole).toMatchObject({ type: 'assign', lost: false });
      expect(part).toMatchObject({ type: 'revoke', lost: false, partitions: second.events[0]?.partitions });
      expect(further).toEqual([]);
    },
    {
      settings: {
        properties: {
          'group.consumer.heartbeat.interval.ms': String(heartbeatMs),
          'group.consumer.session.timeout.ms': String(30 * heartbeatMs),
        },
        jvmOptions: [],
      },
    },
  );
});
