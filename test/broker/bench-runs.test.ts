import { randomUUID } from 'node:crypto';
import { beforeAll, expect, test } from 'vitest';
import { groupDefaults } from '../../src/config/group.ts';
import { createTopic } from '../../src/kafka/kafkajs/create-topic.ts';
import { existingTopic } from '../../src/benchmark/existing-topic.ts';
import type { BenchTopic } from '../../src/benchmark/bench-topic.ts';
import type { LaneTarget } from '../../src/benchmark/lane-target.ts';
import { makeTopic } from '../../src/benchmark/make-topic.ts';
import { runOnce } from '../../src/benchmark/run-once.ts';
import type { Connection } from '../../src/config/connection.ts';
import { runReport, type RunReport } from '../../src/results/report-parts.ts';
import { sharedBrokers } from '../support/brokers.ts';

const records = 30_000;
const lanes = ['drain', 'work'] as const;
/** Lane work then has 4,000 records. */
const workUs = 1_000;
const common = { serviceTimesUs: [0, workUs], tokenizer: 'unicode', timeoutMs: 20_000 } as const;
const quiet = {
  signal: new AbortController().signal,
  log: () => undefined,
  warn: () => undefined,
  live: () => undefined,
  notice: () => undefined,
};

let connection: Connection;
let made: BenchTopic;
beforeAll(async () => {
  connection = await sharedBrokers();
  const topic = `bench-runs-${randomUUID().slice(0, 8)}`;
  const workload = { type: 'book' } as const;
  made = await makeTopic(
    { ...common, connection, topic, partitions: 4, replicationFactor: undefined, workload, records },
    quiet,
  );
});

function targetOf(topic: BenchTopic, lane: LaneTarget['lane']): LaneTarget {
  const target = topic.targets.get(lane === 'drain' ? 0 : workUs);
  if (target === undefined) throw new Error(`no target of lane ${lane}`);
  return target;
}

function run(target: LaneTarget, members: number): Promise<RunReport> {
  const groupId = `bench-runs-${randomUUID()}`;
  return runOnce({
    run: { lane: target.lane, members, repetition: 1, warmUp: false },
    target,
    topic: made.topic,
    connection,
    group: { ...groupDefaults, groupId, workUs: target.workUs, sessionTimeoutMs: 10_000 },
    signal: quiet.signal,
    onNotice: quiet.log,
  });
}

test('five members count the topic exactly, and the fifth receives no partition', async () => {
  const report = await run(targetOf(made, 'drain'), 5);
  expect(runReport.parse(report)).toEqual(report);
  expect(report).toMatchObject({ verified: true, records, refusedWrites: 0 });
  const shares = report.perMember.map(({ partitions, records: share }) => [partitions.length, share]);
  expect(shares.sort(([, a = 0], [, b = 0]) => b - a)).toEqual([...Array<number[]>(4).fill([1, 7_500]), [0, 0]]);
  expect(report.perMember.flatMap(({ partitions }) => partitions).sort()).toEqual([0, 1, 2, 3]);
  expect(report.recordsPerSecond).toBeCloseTo((1_000 * records) / report.durationMs);
});

test('lane work reads its prefix only, and no faster than its service time allows', async () => {
  const target = targetOf(made, 'work');
  const report = await run(target, 2);
  expect(report).toMatchObject({ verified: true, records: 6_000, lane: 'work' });
  expect(report.durationMs).toBeGreaterThan(3_000);
});

test('a run that differs from the reference in one word is not verified, and reports why', async () => {
  const target = targetOf(made, 'drain');
  const counts = new Map(target.reference.counts);
  counts.set('whale', (counts.get('whale') ?? 0) + 1);
  counts.set('the', (counts.get('the') ?? 0) - 1);
  const report = await run({ ...target, reference: { ...target.reference, counts } }, 2);
  expect(report.verified).toBe(false);
  expect(report.differences).toHaveLength(2);
  expect(report.differences?.join()).toContain('"whale"');
});

test('the reference of an existing topic, read by another client, equals that of its text', async () => {
  const found = await existingTopic({ ...common, connection, topic: made.topic }, quiet);
  for (const lane of lanes) expect(targetOf(found, lane)).toMatchObject({ ...targetOf(made, lane) });
  expect(found.workload).toMatchObject({ records, reference: 'recounted', partitions: 4 });
});

test('rejects a missing topic and an empty one', async () => {
  const topic = `absent-${randomUUID().slice(0, 8)}`;
  await expect(existingTopic({ ...common, connection, topic }, quiet)).rejects.toMatchObject({
    code: 'topicUnavailable',
  });
  await createTopic({ connection, topic, partitions: 2, replicationFactor: undefined, timeoutMs: 20_000 });
  await expect(existingTopic({ ...common, connection, topic }, quiet)).rejects.toMatchObject({
    code: 'input',
    message: expect.stringContaining(topic) as string,
  });
});
