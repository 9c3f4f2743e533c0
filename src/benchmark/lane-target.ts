import type { Lane } from '../config/lanes.ts';
import type { ReferenceCounts } from '../workload/merge-counts.ts';

/** The offset range that every run of a lane reads, and the counts that it must result in. */
export interface LaneTarget {
  readonly lane: Lane;
  /** Service time per record, microseconds; 0 for none. */
  readonly workUs: number;
  /** First offset of each partition; the index is the partition. */
  readonly beginOffsets: readonly number[];
  /** End offset of each partition, exclusive. */
  readonly endOffsets: readonly number[];
  readonly reference: ReferenceCounts;
}

/**
 * Duration of a `work` run with one member. It is short enough for repetitions, and long enough for
 * start-up time to be negligible.
 */
const workLaneMs = 6_000;

/**
 * Pure: the end offsets of lane `work`, which reads a prefix of the topic with as equal numbers of
 * records per partition as possible.
 * @param workUs - service time per record, microseconds
 * @returns end offsets, exclusive, at most `range.endOffsets`
 */
export function workLaneEnds(
  range: { readonly beginOffsets: readonly number[]; readonly endOffsets: readonly number[] },
  workUs: number,
): number[] {
  const partitions = range.beginOffsets.length;
  const recordsEach = Math.max(1, Math.round((workLaneMs * 1_000) / workUs / partitions));
  return range.endOffsets.map((end, partition) => Math.min(end, (range.beginOffsets[partition] ?? 0) + recordsEach));
}
