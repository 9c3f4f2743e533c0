import { beforeAll, describe, expect, test } from 'vitest';
import type { ClusterEvent } from '../../src/cluster/supervisor-options.ts';
import type { GroupConfig } from '../../src/config/group.ts';
import type { MemberId } from '../../src/protocol/ids.ts';
import { sharedBrokers } from '../support/brokers.ts';
import { countingGroup, countingRecords, expectExact } from '../support/counting-group.ts';
import { eventually } from '../support/eventually.ts';
import { fillTopic, type FilledTopic } from '../support/filled-topic.ts';
import { protocols } from '../support/protocols.ts';

const settle = { timeoutMs: 60_000 };

let filled: FilledTopic;
beforeAll(async () => {
  filled = await fillTopic(await sharedBrokers(), { records: countingRecords });
});

const counting = (
  group: Partial<GroupConfig>,
  options: Parameters<typeof countingGroup>[2] = {},
): ReturnType<typeof countingGroup> => countingGroup(filled, group, options);

const typesOf = (events: readonly ClusterEvent[], memberId: MemberId, types: readonly string[]): string[] =>
  events
    .filter((event) => 'memberId' in event && event.memberId === memberId && types.includes(event.type))
    .map(({ type }) => type);

describe.each(protocols)('under %s', (_, protocol) => {
  test('the supervisor leaves the group for a crashed member, so that its session need not expire', async () => {
    // Longer than the test waits; KIP-848's is the broker's.
    const cluster = await counting({ ...protocol, sessionTimeoutMs: 60_000 });
    await cluster.supervisor.killMember(cluster.victim);
    await cluster.supervisor.waitSettled({ timeoutMs: 40_000 });
    expect(typesOf(cluster.events, cluster.victim, ['exited', 'leftFor'])).toEqual(['exited', 'leftFor']);
    await expectExact(cluster, filled);
  });

  test('a stuck member loses its tables first, then its thread, then its membership', async () => {
    const cluster = await counting(protocol, { watchdogMs: 3_000 });
    cluster.supervisor.injectFailure(cluster.victim, { type: 'stall', stallMs: 120_000 });
    await eventually('its thread is over', () => typesOf(cluster.events, cluster.victim, ['leftFor']).length > 0);
    const types = ['stuck', 'leaseRevoked', 'exited', 'leftFor'];
    expect(typesOf(cluster.events, cluster.victim, types)).toEqual([
      'stuck',
      'leaseRevoked',
      'leaseRevoked',
      'exited',
      'leftFor',
    ]);
    await cluster.supervisor.waitSettled(settle);
    await expectExact(cluster, filled);
  });
});

// All protocols at once: the stall is long enough for a slow machine, and each waits until it is over.
test('a member that was paused beyond max.poll.interval.ms is fenced, and its late write is refused', async () => {
  const late = async ([name, protocol]: (typeof protocols)[number]): Promise<void> => {
    // The service time leaves records for the late write.
    const limits = { maxPollIntervalMs: 5_000, sessionTimeoutMs: 5_000, workUs: 1_000 };
    const cluster = await counting({ ...protocol, ...limits }, { watchdogMs: Infinity });
    cluster.supervisor.injectFailure(cluster.victim, { type: 'stall', stallMs: 30_000 });
    await eventually('it was fenced', () => cluster.events.some(({ type }) => type === 'writeRefused'), 120_000);
    const types = typesOf(cluster.events, cluster.victim, ['leaseRevoked', 'writeRefused', 'stuck', 'exited']);
    expect(types.slice(0, 3), name).toEqual(['leaseRevoked', 'leaseRevoked', 'writeRefused']);
    expect(cluster.supervisor.snapshot().refused, name).toBeGreaterThan(0);
    await cluster.supervisor.waitSettled(settle);
    await expectExact(cluster, filled);
  };
  await Promise.all(protocols.map(late));
});

test('without a LeaveGroup by the supervisor, the end of the session reveals a crash', async () => {
  const cluster = await counting({});
  await cluster.supervisor.killMember(cluster.victim, { leaveForIt: false });
  await cluster.supervisor.waitSettled(settle);
  expect(typesOf(cluster.events, cluster.victim, ['leftFor'])).toEqual([]);
  await expectExact(cluster, filled);
});
