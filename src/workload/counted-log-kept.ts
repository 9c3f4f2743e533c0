import { ClusterError } from '../errors.ts';
import type { TopicRange } from '../kafka/kafkajs/topic-range.ts';
import type { Progress } from '../protocol/changelog-format.ts';
import { counted } from '../numbers.ts';

interface CountedPartition {
  readonly topic: string;
  readonly partition: number;
  readonly progress: Progress;
  /** What the topic has now. */
  readonly present: TopicRange;
}

/** @throws ClusterError topicUnavailable when the topic was recreated since it was counted */
export function requireSameTopic({ topicId }: Progress, present: TopicRange): void {
  if (topicId === undefined || present.topicId === undefined || topicId === present.topicId) return;
  const message = `topic '${present.topic}' was deleted and recreated since its words were counted`;
  throw new ClusterError('topicUnavailable', message, {
    hint: 'check --group and --topic, or count it with another --group',
  });
}

/** Rejects a partition whose counted end the topic no longer has. @throws ClusterError input */
export function requireEnd({ topic, partition, progress, present }: CountedPartition): void {
  const end = present.endOffsets[partition] ?? 0;
  if (end >= progress.nextOffset) return;
  throw gone(topic, `partition ${partition} was counted up to offset ${progress.nextOffset} and now ends at ${end}`);
}

/**
 * Rejects a partition of which fewer records are left than were counted, because they were deleted
 * or compacted: no comparison is possible.
 * @param read - what a recount has found
 * @throws ClusterError input
 */
export function requireRecords(
  { topic, partition, progress, present }: CountedPartition,
  read: { readonly records: number; readonly holes: number },
): void {
  if (read.records >= progress.records) return;
  const begin = present.beginOffsets[partition] ?? 0;
  const left = `with ${read.records} of ${counted(progress.records, 'counted record')} left`;
  if (begin > 0) throw gone(topic, `partition ${partition} now begins at offset ${begin}, ${left}`);
  if (read.holes > 0) throw gone(topic, `partition ${partition} was compacted, ${left}`);
}

function gone(topic: string, where: string): ClusterError {
  const message = `topic '${topic}' can't be verified: its records were deleted since they were counted: ${where}`;
  return new ClusterError('input', message, { hint: "check the topic's retention.ms and cleanup.policy" });
}
