import fc from 'fast-check';
import { expect, test } from 'vitest';
import { latencySeries, latencyViews, sortedSeries } from '../../src/benchmark/experiments/latency/latency-analysis.ts';
import {
  createLatencyTimestamps,
  latencyColumn,
  latencyColumnOf,
  type LatencyColumn,
  type LatencyTimestamps,
} from '../../src/protocol/cells/latency-timestamps.ts';
import { Schedule } from '../../src/time/schedule.ts';

const seed = Number(process.env['TEST_SEED'] ?? 1);
const columns = Object.keys(latencyColumn) as LatencyColumn[];
const startMs = 100;

/** @param records - the timestamps of each record, in milliseconds since the base of the table */
function pointsOf(records: readonly Readonly<Record<LatencyColumn, number>>[]): LatencyTimestamps {
  const points = createLatencyTimestamps({ baseMs: 0, records: records.length, partitions: 4 });
  for (const column of columns) {
    const cells = latencyColumnOf(points, column);
    for (const [index, record] of records.entries()) cells[index] = Math.round(record[column] * 1_000);
  }
  return points;
}

/**
 * Ten seconds at 1,000 records per second. Each record is counted 1 ms after its scheduled time,
 * except during the stall.
 */
function withStall(stall: 'producer' | 'consumer'): LatencyTimestamps {
  const schedule = new Schedule(startMs, 1_000);
  const [fromMs, toMs] = [startMs + 4_000, startMs + 5_000];
  const after = (atMs: number): number => (atMs >= fromMs && atMs < toMs ? toMs : atMs);
  return pointsOf(
    Array.from({ length: 10_000 }, (_, record) => {
      const scheduledMs = schedule.atMs(record);
      const handed = stall === 'producer' ? after(scheduledMs) : scheduledMs;
      const acked = handed + 0.5;
      const taken = stall === 'consumer' ? after(acked) : acked;
      return { handed, acked, missing: acked, taken, applied: taken + 0.5 };
    }),
  );
}

test(`the five parts of a record's latency add up to it, whatever their signs (seed ${seed})`, () => {
  const timestamp = fc.integer({ min: 0, max: 1_000_000 });
  const record = fc.record({
    handed: timestamp,
    acked: timestamp,
    taken: timestamp,
    missing: timestamp,
    applied: timestamp,
  });
  fc.assert(
    fc.property(fc.array(record, { minLength: 1, maxLength: 50 }), fc.nat(49), (records, first) => {
      const firstRecord = Math.min(first, records.length - 1);
      const points = pointsOf(records);
      const series = latencySeries(points, new Schedule(startMs, 777), firstRecord);
      const { corrected, sinceSent, produce, broker, fetch, queue, count } = series;
      expect(corrected.length).toBe(records.length - firstRecord);
      for (let at = 0; at < corrected.length; at += 1) {
        const parts = [produce, broker, fetch, queue, count].map((part) => part[at] ?? NaN);
        expect(parts.reduce((sum, part) => sum + part, 0)).toBe(corrected[at]);
        expect((produce[at] ?? NaN) + (sinceSent[at] ?? NaN)).toBe(corrected[at]);
      }
    }),
    { seed, numRuns: 300 },
  );
});

test('a one-second consumer stall delays one closed-loop record but 10 % of the scheduled ones', () => {
  const series = latencySeries(withStall('consumer'), new Schedule(startMs, 1_000), 0);
  const { correctedMs, closedLoopMs } = latencyViews([series]);
  // 1,000 of 10,000 records waited, 500 ms on average.
  expect(correctedMs.p50).toBe(1);
  expect(correctedMs.p95).toBeGreaterThan(400);
  expect(correctedMs.p99).toBeGreaterThan(850);
  expect(closedLoopMs.p99).toBe(1);
  expect(sortedSeries([series], 'closedLoop').at(100)).toBeGreaterThan(990);
});

test('latency since sending does not include a one-second producer stall', () => {
  const series = latencySeries(withStall('producer'), new Schedule(startMs, 1_000), 0);
  const { correctedMs, sinceSentMs, splitMs } = latencyViews([series]);
  expect(sinceSentMs.max).toBe(1);
  expect(correctedMs.p99).toBeGreaterThan(850);
  expect(splitMs.produce.p99).toBeGreaterThan(850);
});

test('keeps a negative fetch time when the record is fetched before its acknowledgement arrives', () => {
  const record = { handed: 100, acked: 108, missing: 103, taken: 103, applied: 104 };
  const series = latencySeries(pointsOf([record]), new Schedule(startMs, 1_000), 0);
  expect(latencyViews([series]).splitMs.fetch).toMatchObject({ count: 1, zeroOrLess: 1, min: -5, max: -5 });
});
