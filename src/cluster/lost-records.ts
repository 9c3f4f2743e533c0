import { ClusterError } from '../errors.ts';
import type { PartitionOffsets } from '../kafka/cluster-facts.ts';
import type { Partition } from '../protocol/ids.ts';

/** Records that were deleted (retention, DeleteRecords) before they were counted. */
export interface LostRecords {
  readonly partition: Partition;
  readonly firstOffset: number;
  /** Inclusive. Not all offsets between need have held a record. */
  readonly lastOffset: number;
}

export type OutOfRange =
  /** The offset is there: a broker was late, or has caught up. */
  | { readonly type: 'there' }
  | { readonly type: 'lost'; readonly lost: LostRecords }
  /** The log ends before the offset: it was cut, or the topic is another. */
  | { readonly type: 'cut'; readonly endOffset: number };

/**
 * Pure: why the brokers do not have the next offset.
 * @param nextOffset - of the table
 * @param endOffset - end of the count, exclusive; records beyond it are not missing
 */
export function judgeOutOfRange(
  nextOffset: number,
  { partition, beginOffset, endOffset: logEnd }: PartitionOffsets,
  endOffset: number,
): OutOfRange {
  if (nextOffset > logEnd) return { type: 'cut', endOffset: logEnd };
  const lastOffset = Math.min(beginOffset, endOffset) - 1;
  if (lastOffset < nextOffset) return { type: 'there' };
  return { type: 'lost', lost: { partition: partition as Partition, firstOffset: nextOffset, lastOffset } };
}

export function lostError(topic: string, { partition, firstOffset, lastOffset }: LostRecords): ClusterError {
  return new ClusterError(
    'input',
    `topic '${topic}' partition ${partition}: records ${firstOffset} to ${lastOffset} were deleted before they were counted`,
    { hint: "check the topic's retention, or pass --on-truncation continue to skip lost records" },
  );
}

export function cutError(topic: string, partition: number, nextOffset: number, endOffset: number): ClusterError {
  return new ClusterError(
    'input',
    `topic '${topic}' partition ${partition}: counted up to offset ${nextOffset}, but the end offset is now ${endOffset}`,
    { hint: 'check whether the topic was recreated or a broker lost acknowledged records, then count it again' },
  );
}
