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

/** Moments of each record, milliseconds since the zero of the table. */
function pointsOf(moments: readonly Readonly<Record<LatencyColumn, number>>[]): LatencyTimestamps {
  const points = createLatencyTimestamps({ baseMs: 0, records: moments.length, partitions: 4 });
  for (const column of columns) {
    const cells = latencyColumnOf(points, column);
    for (const [record, moment] of moments.entries()) cells[record] = Math.round(moment[column] * 1_000);
  }
  return points;
}

/** Ten seconds at 1,000 a second, each record counted a millisecond after it came, but for a stall. */
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

test(`the five parts of each record add up to its latency, whatever their signs (seed ${seed})`, () => {
  const moment = fc.integer({ min: 0, max: 1_000_000 });
  const record = fc.record({ handed: moment, acked: moment, taken: moment, missing: moment, applied: moment });
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

test('a consumer that stalls for a second: a tester who waits for each record meets it once, the schedule in 10 %', () => {
  const series = latencySeries(withStall('consumer'), new Schedule(startMs, 1_000), 0);
  const { correctedMs, closedLoopMs } = latencyViews([series]);
  // 1,000 of 10,000 records waited, 500 ms on average.
  expect(correctedMs.p50).toBe(1);
  expect(correctedMs.p95).toBeGreaterThan(400);
  expect(correctedMs.p99).toBeGreaterThan(850);
  expect(closedLoopMs.p99).toBe(1);
  expect(sortedSeries([series], 'closedLoop').at(100)).toBeGreaterThan(990);
});

test('a producer that stalls for a second: what counts from the hand-over does not see it at all', () => {
  const series = latencySeries(withStall('producer'), new Schedule(startMs, 1_000), 0);
  const { correctedMs, sinceSentMs, splitMs } = latencyViews([series]);
  expect(sinceSentMs.max).toBe(1);
  expect(correctedMs.p99).toBeGreaterThan(850);
  expect(splitMs.produce.p99).toBeGreaterThan(850);
});

test('a member that was served before the producer was told has a fetch below 0, and it stays', () => {
  const moments = { handed: 100, acked: 108, missing: 103, taken: 103, applied: 104 };
  const series = latencySeries(pointsOf([moments]), new Schedule(startMs, 1_000), 0);
  expect(latencyViews([series]).splitMs.fetch).toMatchObject({ count: 1, zeroOrLess: 1, min: -5, max: -5 });
});
