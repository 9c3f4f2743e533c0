import { beforeAll, describe, expect, test } from 'vitest';
import type { GroupSnapshot } from '../../src/cluster/snapshot.ts';
import { sharedBrokers } from '../support/brokers.ts';
import { eventually } from '../support/eventually.ts';
import { fillTopic, type FilledTopic } from '../support/filled-topic.ts';
import { testCluster, type TestCluster } from '../support/test-cluster.ts';
import { protocols } from '../support/protocols.ts';

const settle = { timeoutMs: 30_000 };
const reach = { timeoutMs: 60_000 };
/**
 * Slow enough for a group of four to be caught in the act: 40,000 records take about two seconds.
 */
const workUs = 200;

let filled: FilledTopic;
beforeAll(async () => {
  filled = await fillTopic(await sharedBrokers(), { records: 40_000 });
});

function addMembers({ supervisor }: TestCluster, count: number): void {
  for (let member = 0; member < count; member += 1) supervisor.addMember();
}

function shares({ members }: GroupSnapshot): number[] {
  return members.map(({ partitions }) => partitions.length).sort((a, b) => b - a);
}

/**
 * Counted up to the end, and nothing twice: totals alone would not show a lost and a doubled
 * record.
 */
async function expectExact({ supervisor }: TestCluster): Promise<void> {
  await supervisor.waitReached(reach);
  await supervisor.stop('drain');
  expect(supervisor.snapshot().records).toBe(filled.reference.records);
  expect(supervisor.counts()).toEqual(filled.reference.counts);
}

describe.each(protocols)('under %s', (_, protocol) => {
  test('four partitions are shared by one to five members, and the fifth is a standby', async () => {
    const cluster = testCluster(filled, protocol);
    for (const expected of [[4], [2, 2], [2, 1, 1], [1, 1, 1, 1], [1, 1, 1, 1, 0]]) {
      addMembers(cluster, 1);
      await cluster.supervisor.waitSettled(settle);
      expect(shares(cluster.supervisor.snapshot())).toEqual(expected);
    }
    cluster.supervisor.openGate();
    await expectExact(cluster);
  });

  test('the standby takes over when another is killed, and no count is lost or doubled', async () => {
    const cluster = testCluster(filled, { ...protocol, workUs });
    const { supervisor } = cluster;
    addMembers(cluster, 5);
    await supervisor.waitSettled(settle);
    supervisor.openGate();
    const owner = supervisor.snapshot().members.find(({ partitions }) => partitions.length === 1);
    await eventually('a thousand records are counted', () => supervisor.snapshot().records > 1_000, 20_000);
    await supervisor.killMember(owner?.memberId ?? expect.fail('no member owns a partition'));
    await supervisor.waitSettled(settle);
    expect(shares(supervisor.snapshot())).toEqual([1, 1, 1, 1, 0]);
    await expectExact(cluster);
  });

  test('a draining member hands over at its last record, and no record is counted twice', async () => {
    const cluster = testCluster(filled, { ...protocol, workUs });
    const { supervisor } = cluster;
    addMembers(cluster, 2);
    await supervisor.waitSettled(settle);
    supervisor.openGate();
    const [first, second] = supervisor.snapshot().members;
    await eventually('both have counted', () =>
      supervisor.snapshot().members.every(({ meter }) => meter.records > 500),
    );
    await supervisor.drainMember(first?.memberId ?? expect.fail('no member'));
    await supervisor.waitSettled(settle);
    await expectExact(cluster);
    const counted = supervisor.snapshot().members.map(({ meter }) => meter.records);
    expect(counted[0]).toBeGreaterThan(0);
    expect((counted[0] ?? 0) + (counted[1] ?? 0)).toBe(filled.reference.records);
    expect(second?.phase).toBe('assigned');
    expect(cluster.events.filter(({ type }) => type === 'writeRefused' || type === 'failed')).toEqual([]);
  });
});

test('a crashed member is replaced, and the process continues', async () => {
  const cluster = testCluster(filled, { workUs }, { restart: { restartsMax: 3, delayMs: 10, calmMs: 1_000 } });
  const { supervisor, events } = cluster;
  addMembers(cluster, 1);
  await supervisor.waitSettled(settle);
  supervisor.openGate();
  await eventually('something is counted', () => supervisor.snapshot().records > 0);
  const [member] = supervisor.snapshot().members;
  await supervisor.killMember(member?.memberId ?? expect.fail('no member'));
  await expectExact(cluster);
  expect(events.filter(({ type }) => type === 'started')).toHaveLength(2);
});

test('a group whose last member crashed fails with that error', async () => {
  const cluster = testCluster(filled);
  addMembers(cluster, 1);
  await cluster.supervisor.waitSettled(settle);
  const [member] = cluster.supervisor.snapshot().members;
  await cluster.supervisor.killMember(member?.memberId ?? expect.fail('no member'));
  await expect(cluster.supervisor.waitReached(reach)).rejects.toThrow(/member 0, the last one, crashed/);
});

test('a stuck member is ended, and other members count its partitions', async () => {
  const cluster = testCluster(filled, { workUs: 20_000_000 }, { watchdogMs: 4_000 });
  addMembers(cluster, 1);
  await cluster.supervisor.waitSettled(settle);
  cluster.supervisor.openGate();
  await eventually('the watchdog finds it', () => cluster.events.some(({ type }) => type === 'stuck'));
  await eventually('its thread is over', () => cluster.events.some(({ type }) => type === 'exited'));
});
