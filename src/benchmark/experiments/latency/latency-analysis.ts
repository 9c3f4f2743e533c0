import { latencyColumnOf, pointOf, type LatencyTimestamps } from '../../../protocol/cells/latency-timestamps.ts';
import { SortedValues, type Percentiles } from '../../../statistics/percentiles.ts';
import type { Schedule } from '../../../time/schedule.ts';

const millisecond = 1 / 1_000;

/**
 * Latencies of the records of one run in microseconds, ordered by schedule. `closedLoop` has a
 * subset of the records.
 */
export interface LatencySeries {
  readonly corrected: Int32Array;
  readonly sinceSent: Int32Array;
  readonly closedLoop: Int32Array;
  readonly produce: Int32Array;
  readonly broker: Int32Array;
  readonly fetch: Int32Array;
  readonly queue: Int32Array;
  readonly count: Int32Array;
}

export interface LatencyViews {
  readonly correctedMs: Percentiles;
  readonly sinceSentMs: Percentiles;
  readonly closedLoopMs: Percentiles;
  readonly splitMs: Readonly<Record<'produce' | 'broker' | 'fetch' | 'queue' | 'count', Percentiles>>;
}

/**
 * Pure: the latencies of all records from `firstRecord`. The five stages of a record add up to its
 * corrected latency.
 * @param points - timestamps of all records
 * @param schedule - scheduled times, on the same clock as `points.baseMs`
 * @param firstRecord - index of the first record after the warm-up
 */
export function latencySeries(points: LatencyTimestamps, schedule: Schedule, firstRecord: number): LatencySeries {
  const { records } = points;
  const handed = latencyColumnOf(points, 'handed');
  const acked = latencyColumnOf(points, 'acked');
  const taken = latencyColumnOf(points, 'taken');
  const missing = latencyColumnOf(points, 'missing');
  const applied = latencyColumnOf(points, 'applied');
  const series = (): Int32Array => new Int32Array(records - firstRecord);
  const parts = { corrected: series(), sinceSent: series(), produce: series(), broker: series() };
  const [fetch, queue, count] = [series(), series(), series()];
  for (let record = firstRecord, at = 0; record < records; record += 1, at += 1) {
    const scheduledUs = pointOf(points, schedule.atMs(record));
    const [handedUs = 0, ackedUs = 0, takenUs = 0] = [handed[record], acked[record], taken[record]];
    const [arrivedUs = 0, appliedUs = 0] = [missing[record], applied[record]];
    parts.corrected[at] = appliedUs - scheduledUs;
    parts.sinceSent[at] = appliedUs - handedUs;
    parts.produce[at] = handedUs - scheduledUs;
    parts.broker[at] = ackedUs - handedUs;
    fetch[at] = arrivedUs - ackedUs;
    queue[at] = takenUs - arrivedUs;
    count[at] = appliedUs - takenUs;
  }
  const closedLoop = closedLoopOf(points, schedule, firstRecord);
  return { ...parts, fetch, queue, count, closedLoop };
}

/**
 * Simulates a closed-loop load generator such as kafka-e2e-latency, which sends the next record
 * only after the previous one was counted. It observes each delay once and never sends the other
 * records that would have been delayed, which is known as coordinated omission.
 */
function closedLoopOf(points: LatencyTimestamps, schedule: Schedule, firstRecord: number): Int32Array {
  const handed = latencyColumnOf(points, 'handed');
  const applied = latencyColumnOf(points, 'applied');
  const found: number[] = [];
  let freeUs = -Infinity;
  for (let record = firstRecord; record < points.records; record += 1) {
    if (pointOf(points, schedule.atMs(record)) < freeUs) continue;
    freeUs = applied[record] ?? 0;
    found.push(freeUs - (handed[record] ?? 0));
  }
  return Int32Array.from(found);
}

/**
 * Pure: percentiles of one run, or of several runs pooled.
 * @param runs - at least one
 */
export function latencyViews(runs: readonly LatencySeries[]): LatencyViews {
  const percentiles = (name: keyof LatencySeries): Percentiles => sortedSeries(runs, name).percentiles();
  return {
    correctedMs: percentiles('corrected'),
    sinceSentMs: percentiles('sinceSent'),
    closedLoopMs: percentiles('closedLoop'),
    splitMs: {
      produce: percentiles('produce'),
      broker: percentiles('broker'),
      fetch: percentiles('fetch'),
      queue: percentiles('queue'),
      count: percentiles('count'),
    },
  };
}

/** @returns the sorted values of all runs, in milliseconds */
export function sortedSeries(runs: readonly LatencySeries[], name: keyof LatencySeries): SortedValues {
  return new SortedValues(
    runs.map((run) => run[name]),
    millisecond,
  );
}
