import type { MemberTask } from '../protocol/member-task.ts';

/**
 * End of the count for a partition, exclusive. Partitions added after the end offsets were taken
 * are not part of the count.
 */
export function endOffsetOf({ endOffsets }: Pick<MemberTask, 'endOffsets'>, partition: number): number {
  return endOffsets === undefined ? Infinity : (endOffsets[partition] ?? 0);
}
