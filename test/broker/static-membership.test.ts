import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { ManagedBrokers } from '../../src/brokers/managed-brokers.ts';
import { startManagedBrokers } from '../../src/brokers/managed.ts';
import type { ClusterEvent } from '../../src/cluster/supervisor-options.ts';
import type { GroupConfig } from '../../src/config/group.ts';
import type { MemberId } from '../../src/protocol/ids.ts';
import { sharedBrokers } from '../support/brokers.ts';
import { countingGroup, countingRecords, countingWorkUs, expectExact } from '../support/counting-group.ts';
import { eventually } from '../support/eventually.ts';
import { fillTopic, type FilledTopic } from '../support/filled-topic.ts';
import { testCluster, type TestCluster } from '../support/test-cluster.ts';
import { protocols } from '../support/protocols.ts';

/** Longer than any wait here: what happens within `settle` is not due to the end of a session. */
const sessionTimeoutMs = 60_000;
const settle = { timeoutMs: 25_000 };
/** Waits that may include the end of a session of 3 s. */
const patientMs = 60_000;
const restart = { restartsMax: 10, delayMs: 50, calmMs: 1_000 };

let brokers: ManagedBrokers;
/** On brokers whose sessions of the consumer protocol have the same length. */
let filled: FilledTopic;
/** On the shared brokers, whose sessions of the consumer protocol have 3 s. */
let short: FilledTopic;
beforeAll(async () => {
  const properties = { 'group.consumer.session.timeout.ms': String(sessionTimeoutMs) };
  brokers = await startManagedBrokers({ settings: { properties, jvmOptions: [] } });
  filled = await fillTopic(brokers.connection, { records: countingRecords });
  short = await fillTopic(await sharedBrokers(), { records: countingRecords });
});
afterAll(() => brokers.stop());

const counting = (
  topic: FilledTopic,
  group: Partial<GroupConfig>,
  options: Parameters<typeof countingGroup>[2] = {},
): ReturnType<typeof countingGroup> =>
  countingGroup(topic, { sessionTimeoutMs, staticMembership: true, ...group }, options);

function member({ supervisor }: TestCluster, memberId: number): { partitions: readonly number[]; place: string } {
  const found = supervisor.snapshot().members.find((each) => each.memberId === memberId);
  return { partitions: found?.partitions ?? [], place: found?.groupInstanceId?.split('-').at(-1) ?? 'none' };
}

const countOf = (events: readonly ClusterEvent[], memberId: number, type: ClusterEvent['type']): number =>
  events.filter((event) => event.type === type && 'memberId' in event && event.memberId === memberId).length;

describe.each(protocols)('static members under %s', (_, protocol) => {
  test('the replacement of a crashed member has its group.instance.id and partitions, without a rebalance', async () => {
    const cluster = await counting(filled, protocol, { restart });
    const { supervisor, events } = cluster;
    const settledAt = events.length;
    const before = member(cluster, 0);
    await supervisor.killMember(0 as MemberId);
    await eventually('it is replaced', () => member(cluster, 2).partitions.length > 0, settle.timeoutMs);
    await supervisor.waitSettled(settle);
    expect(member(cluster, 2)).toEqual(before);
    expect(countOf(events.slice(settledAt), 1, 'revoked')).toBe(0);
    await expectExact(cluster, filled);
    expect(events.filter(({ type }) => type === 'notice' || type === 'failed')).toEqual([]);
  });

  test('a rolling restart keeps every group.instance.id and every partition', async () => {
    const cluster = await counting(filled, protocol);
    const { supervisor, events } = cluster;
    const before = [member(cluster, 0), member(cluster, 1)];
    // Until both were there, the first to come may have had the other's partitions.
    const settledAt = events.length;
    for (const memberId of [0, 1]) {
      await supervisor.drainMember(memberId as MemberId);
      supervisor.addMember();
      await supervisor.waitSettled(settle);
    }
    expect([member(cluster, 2), member(cluster, 3)]).toEqual(before);
    // Those that were drained had theirs to the end.
    expect([1, 2].map((memberId) => countOf(events.slice(settledAt), memberId, 'revoked'))).toEqual([0, 0]);
    await expectExact(cluster, filled);
    expect(events.filter(({ type }) => type === 'failed')).toEqual([]);
  });

  test('the supervisor leaves the group for a drained member that is not replaced', async () => {
    const cluster = await counting(filled, protocol);
    const { supervisor, events } = cluster;
    await supervisor.drainMember(0 as MemberId);
    await supervisor.waitSettled(settle);
    expect(member(cluster, 1).partitions).toHaveLength(4);
    expect(countOf(events, 0, 'leftFor')).toBe(1);
    await expectExact(cluster, filled);
  });

  test('a member whose group.instance.id is taken by another process ends as crashed, and the group continues', async () => {
    const cluster = await counting(short, { ...protocol, sessionTimeoutMs: 3_000 });
    const { supervisor, events } = cluster;
    const { groupId } = supervisor.snapshot();
    const other = testCluster(short, {
      ...protocol,
      groupId,
      workUs: countingWorkUs,
      sessionTimeoutMs: 3_000,
      staticMembership: true,
    });
    other.supervisor.addMember();
    const failed = (): readonly ClusterEvent[] => [...events, ...other.events].filter(({ type }) => type === 'failed');
    await eventually('one of both is fenced', () => failed().length > 0, patientMs);
    expect(failed()).toMatchObject([{ error: { code: 'memberFenced' } }]);
    await other.supervisor.stop('drain');
    await supervisor.waitSettled({ timeoutMs: patientMs });
    await expectExact(cluster, short);
  });
});

test('after a crash without LeaveGroup, the replacement takes over the partitions', async () => {
  const cluster = await counting(filled, {}, { restart });
  const before = member(cluster, 0);
  await cluster.supervisor.killMember(0 as MemberId, { leaveForIt: false });
  await cluster.supervisor.waitSettled(settle);
  expect(member(cluster, 2)).toEqual(before);
  await expectExact(cluster, filled);
});

test('under KIP-848 replacements are refused until the session ends, and the group continues', async () => {
  const cluster = await counting(short, { groupProtocol: 'consumer' }, { restart });
  const { supervisor, events } = cluster;
  await supervisor.killMember(0 as MemberId, { leaveForIt: false });
  const live = () => supervisor.snapshot().members.filter(({ phase }) => phase === 'assigned');
  const isRefused = (): boolean => events.some(({ type }) => type === 'failed');
  const isReplaced = (): boolean => live().length === 2 && live().every(({ memberId }) => memberId !== 0);
  // On a slow machine the replacement may come after the end of the session.
  await eventually('one is refused, or not needed', () => isRefused() || isReplaced(), patientMs);
  await eventually('both places are taken again', isReplaced, patientMs);
  await supervisor.waitSettled({ timeoutMs: patientMs });
  await expectExact(cluster, short);
  const codes = events.flatMap((event) => (event.type === 'failed' ? [event.error.code] : []));
  expect(codes.filter((code) => code !== 'memberFenced')).toEqual([]);
  expect(supervisor.snapshot().members.at(-1)?.groupInstanceId).toBe(supervisor.snapshot().members[0]?.groupInstanceId);
});
