import type { Lane } from '../config/lanes.ts';
import type { ReferenceCounts } from '../workload/merge-counts.ts';

/** What every run of a lane reads, and what it must come to. */
export interface LaneTarget {
  readonly lane: Lane;
  /** Service time a record, microseconds; 0 for none. */
  readonly workUs: number;
  /** Index is the partition, as of endOffsets. */
  readonly beginOffsets: readonly number[];
  /** Exclusive. */
  readonly endOffsets: readonly number[];
  readonly reference: ReferenceCounts;
}

/** With one member, a run of lane `work` takes this long: short enough to repeat, long enough that a start is small. */
const workLaneMs = 6_000;

/**
 * Pure: where lane `work` ends, on a prefix of the topic that is shared out over the partitions as evenly as they allow.
 * @returns end offsets, exclusive, none beyond `range.endOffsets`
 */
export function workLaneEnds(
  range: { readonly beginOffsets: readonly number[]; readonly endOffsets: readonly number[] },
  workUs: number,
): number[] {
  const partitions = range.beginOffsets.length;
  const recordsEach = Math.max(1, Math.round((workLaneMs * 1_000) / workUs / partitions));
  return range.endOffsets.map((end, partition) => Math.min(end, (range.beginOffsets[partition] ?? 0) + recordsEach));
}
