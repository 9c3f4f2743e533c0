import { expect } from 'vitest';
import type { GroupConfig } from '../../src/config/group.ts';
import type { MemberId } from '../../src/protocol/ids.ts';
import { eventually } from './eventually.ts';
import type { FilledTopic } from './filled-topic.ts';
import { testCluster, type TestCluster } from './test-cluster.ts';

export const countingRecords = 20_000;
/** Two members need about two seconds for this number of records. */
export const countingWorkUs = 200;

/** A group of two that counts, and the first of them, that is to suffer. */
export async function countingGroup(
  filled: FilledTopic,
  group: Partial<GroupConfig>,
  options: Parameters<typeof testCluster>[2] = {},
): Promise<TestCluster & { readonly victim: MemberId }> {
  const cluster = testCluster(filled, { workUs: countingWorkUs, ...group }, options);
  const { supervisor } = cluster;
  const victim = supervisor.addMember();
  supervisor.addMember();
  await supervisor.waitSettled({ timeoutMs: 60_000 });
  supervisor.openGate();
  await eventually('both count', () => supervisor.snapshot().members.every(({ meter }) => meter.records > 100));
  return { ...cluster, victim };
}

/** The group counts to the end, and every word as often as it occurs. */
export async function expectExact({ supervisor }: TestCluster, { reference }: FilledTopic): Promise<void> {
  await supervisor.waitReached({ timeoutMs: 60_000 });
  await supervisor.stop('drain');
  expect(supervisor.snapshot().records).toBe(reference.records);
  expect(supervisor.counts()).toEqual(reference.counts);
}
