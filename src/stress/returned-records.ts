import type { LostRange } from '../verify/check.ts';

/**
 * Separates deleted records from those that have returned. A broker saves the start offsets of its
 * logs once per minute (log.flush.start.offset.checkpoint.interval.ms). A broker that is killed
 * before that restarts from the offset saved last.
 * @param beginOffsets - start offsets of the topic's partitions when all brokers are up, indexed by
 *   partition
 */
export function splitReturned(
  ranges: readonly LostRange[],
  beginOffsets: readonly number[],
): { readonly deleted: readonly LostRange[]; readonly returned: readonly LostRange[] } {
  const isDeleted = ({ partition, lastOffset }: LostRange): boolean => (beginOffsets[partition] ?? 0) > lastOffset;
  return { deleted: ranges.filter(isDeleted), returned: ranges.filter((range) => !isDeleted(range)) };
}
