import { randomUUID } from 'node:crypto';
import { expect, test } from 'vitest';
import { latencyProducerProperties } from '../../src/config/producer-properties.ts';
import { groupDefaults } from '../../src/config/group.ts';
import { createTopic } from '../../src/kafka/kafkajs/create-topic.ts';
import { runLatencyOnce, type LatencyRunMade } from '../../src/benchmark/experiments/latency/run/latency-run.ts';
import { smallest } from '../../src/statistics/extremes.ts';
import { latencyReport } from '../../src/benchmark/experiments/latency/latency-schema.ts';
import { benchProcess } from '../benchmark/bench-process.ts';
import { sharedBrokers } from '../support/brokers.ts';

test('two runs on one topic: every record has all timestamps in order, and every word is right', async () => {
  const connection = await sharedBrokers();
  const topic = `test-${randomUUID().slice(0, 8)}`;
  await createTopic({ connection, topic, partitions: 3, replicationFactor: undefined, timeoutMs: 20_000 });
  const once = (repetition: number): Promise<LatencyRunMade> =>
    runLatencyOnce({
      connection,
      topic,
      workload: { type: 'book' },
      group: { ...groupDefaults, groupId: `test-${randomUUID().slice(0, 8)}` },
      members: 2,
      repetition,
      ratePerSecond: 1_000,
      durationMs: 2_000,
      warmUpMs: 200,
      producerProperties: latencyProducerProperties(),
      timeoutMs: 20_000,
      signal: new AbortController().signal,
      onNotice: () => undefined,
    });
  // The second run's records begin where those of the first end: not at offset 0, and not at the
  // same in each partition.
  for (const { run, series } of [await once(1), await once(2)]) {
    expect(run.differences).toBeUndefined();
    expect(run).toMatchObject({ verified: true, records: 2_000, warmUpRecords: 201 });
    expect(run.correctedMs.count).toBe(1_799);
    const { produce, broker, queue, count, corrected } = series;
    for (const part of [produce, broker, queue, count, corrected]) expect(smallest(part)).toBeGreaterThanOrEqual(0);
    // The arrival, which may precede that of the acknowledgement at the producer's thread, µs from the
    // start of the run. A timestamp that was never recorded would be a second or more before the start.
    const arrivals = series.fetch.map((fetchUs, at) => {
      return (201 + at) * 1_000 + (produce[at] ?? NaN) + (broker[at] ?? NaN) + fetchUs;
    });
    expect(smallest(arrivals)).toBeGreaterThan(-400_000);
  }
});

test('bench --lane latency prints a report and a table of latency alone', async () => {
  const { bootstrapServers } = await sharedBrokers();
  const lane = ['--lane', 'latency', '--rate', '500', '--duration', '1s', '--repetitions', '1', '--warm-up', '0'];
  const ended = await benchProcess(['--bootstrap-server', bootstrapServers, ...lane, '--json', '-']);
  expect(ended, ended.stderr).toMatchObject({ code: 0 });
  const warning = 'warning: bench --lane latency is now the command latency;';
  expect(ended.stderr.split('\n').filter((line) => line.startsWith(warning))).toHaveLength(1);
  const report = JSON.parse(ended.stdout) as {
    readonly latency: unknown;
    readonly verdict: unknown;
    readonly runs: [];
  };
  const { points, runs, partitions } = latencyReport.parse(report.latency);
  expect(report.verdict).toEqual({ verified: true, runsVerified: 1, runs: 1, runsPlanned: 1 });
  expect(report.runs).toEqual([]);
  expect({ partitions, points: points.length, runs: runs.length }).toEqual({ partitions: 4, points: 1, runs: 1 });
  expect(points[0]?.curves.corrected.at(-1)).toEqual([100, points[0]?.correctedMs.max]);
});
