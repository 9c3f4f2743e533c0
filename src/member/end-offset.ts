import type { MemberTask } from '../protocol/member-task.ts';

/**
 * Where counting of a partition ends, exclusive. Partitions that came after the end offsets were taken are not part of
 * such a count.
 */
export function endOffsetOf({ endOffsets }: Pick<MemberTask, 'endOffsets'>, partition: number): number {
  return endOffsets === undefined ? Infinity : (endOffsets[partition] ?? 0);
}
