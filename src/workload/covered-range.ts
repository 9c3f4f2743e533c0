import { ClusterError } from '../errors.ts';
import type { TopicRange } from '../kafka/kafkajs/topic-range.ts';
import type { RecountedPartition } from './recount.ts';
import type { Coverage } from './counts-file.ts';
import { counted } from '../numbers.ts';

const listMax = 5;

/**
 * The part of a topic that a file of counts covers. Pure.
 * @param range - the topic's current range; the topic may have grown since the count
 * @param name - the file's name, for errors
 * @throws ClusterError input when the topic no longer holds all of it, with partition and offset;
 *   topicUnavailable when the topic was recreated
 */
export function coveredRange(coverage: Coverage, range: TopicRange, name: string): TopicRange {
  const { topic, topicId, ranges } = coverage;
  if (topic !== range.topic) {
    throw new ClusterError('input', `${name} holds the counts of topic '${topic}', not of '${range.topic}' (--topic)`);
  }
  if (topicId !== undefined && range.topicId !== undefined && topicId !== range.topicId) {
    const message = `topic '${topic}' was deleted and recreated since ${name} was written`;
    throw new ClusterError('topicUnavailable', message, { hint: 'start the count again' });
  }
  const filled = ranges.filter(({ begin, end }) => begin < end);
  const beginOf = (partition: number): number => range.beginOffsets[partition] ?? 0;
  const endOf = (partition: number): number => range.endOffsets[partition] ?? 0;
  const expired = filled
    .filter(({ partition, begin }) => beginOf(partition) > begin)
    .map(
      ({ partition, begin }) =>
        `partition ${partition} began at offset ${begin} and now begins at ${beginOf(partition)}`,
    );
  if (expired.length > 0) throw gone(topic, 'records have expired or were deleted since they were counted', expired);
  const cut = filled
    .filter(({ partition, end }) => endOf(partition) < end)
    .map(({ partition, end }) => `partition ${partition} ended at offset ${end} and now ends at ${endOf(partition)}`);
  if (cut.length > 0) throw gone(topic, 'records at the end disappeared since they were counted', cut);
  const byPartition = new Map(ranges.map((each) => [each.partition, each]));
  const heldBack = range.heldBack.filter(
    ({ partition, fromOffset }) => fromOffset < (byPartition.get(partition)?.end ?? 0),
  );
  return {
    ...range,
    heldBack,
    beginOffsets: range.beginOffsets.map((begin, partition) => byPartition.get(partition)?.begin ?? begin),
    endOffsets: range.beginOffsets.map((begin, partition) => byPartition.get(partition)?.end ?? begin),
  };
}

/**
 * Rejects counts of a compacted topic. Compaction leaves fewer records than were counted, and
 * offsets without records, so no comparison is possible. Pure.
 * @throws ClusterError input, with the partitions
 */
export function throwIfCompacted({ topic, ranges }: Coverage, recounted: readonly RecountedPartition[]): void {
  const byPartition = new Map(recounted.map((each) => [each.partition, each]));
  const compacted = ranges.flatMap(({ partition, records }) => {
    const found = byPartition.get(partition);
    if (found === undefined || found.records >= records || found.holes === 0) return [];
    return [`partition ${partition} has ${found.records} of ${counted(records, 'record')} left`];
  });
  if (compacted.length > 0) throw gone(topic, 'records were compacted since they were counted', compacted);
}

function gone(topic: string, what: string, where: readonly string[]): ClusterError {
  const more = where.length > listMax ? ` and ${where.length - listMax} more` : '';
  const message = `topic '${topic}' can't be verified: ${what}: ${where.slice(0, listMax).join('; ')}${more}`;
  return new ClusterError('input', message, { hint: 'start the count again, and verify it before that happens' });
}
