import type { Connection } from '../config/connection.ts';
import { ClusterError } from '../errors.ts';
import { readTopicRange, type TopicRange } from '../kafka/kafkajs/topic-range.ts';
import type { ReferenceCounts } from '../workload/merge-counts.ts';
import { recount, type RecountOptions } from '../workload/recount.ts';
import type { BenchProgress, BenchTopic } from './bench-topic.ts';
import { workLaneEnds, type LaneTarget } from './lane-target.ts';
import { renderHeldBack } from '../workload/held-back-text.ts';
import { counted, whole } from '../numbers.ts';

export interface ExistingTopicOptions {
  readonly connection: Connection;
  readonly topic: string;
  /** Service times per record, microseconds, each of which gets an offset range; 0 gets all. */
  readonly serviceTimesUs: readonly number[];
  readonly tokenizer: RecountOptions['tokenizer'];
  readonly timeoutMs: number;
}

/**
 * Prepares an existing topic, unchanged and up to its current end offsets. The reference counts
 * come from a recount with a different client library than the members use.
 * @throws ClusterError topicUnavailable; input for a topic without records; connection errors; the
 * signal's reason
 */
export async function existingTopic(options: ExistingTopicOptions, progress: BenchProgress): Promise<BenchTopic> {
  const { connection, topic, timeoutMs } = options;
  const range = await readTopicRange(connection, topic, timeoutMs);
  const partitions = range.endOffsets.length;
  const total = recordsIn(range);
  if (total === 0) throw noRecords(topic, 'no records');
  if (range.heldBack.length > 0) progress.warn(renderHeldBack(topic, range.heldBack));
  progress.log(`recounting ${topic}, ${counted(partitions, 'partition')}, ${counted(total, 'record')}`);
  const targets = new Map<number, LaneTarget>();
  const all = await count(options, range, progress);
  if (all.records === 0) throw noRecords(topic, 'no committed records');
  for (const workUs of options.serviceTimesUs) {
    if (workUs === 0) {
      targets.set(workUs, { lane: 'drain', workUs, ...range, reference: all });
    } else {
      const prefix = { ...range, endOffsets: workLaneEnds(range, workUs) };
      const reference = await count(options, prefix, progress);
      if (reference.records === 0) throw noRecords(topic, 'no committed records among those of lane work');
      targets.set(workUs, { lane: 'work', workUs, ...prefix, reference });
    }
  }
  const { records, words } = all;
  const workload = { corpus: 'existing records', topic, partitions, records, words, reference: 'recounted' } as const;
  return { topic, partitions, workload, targets };
}

async function count(
  { connection, tokenizer, timeoutMs }: ExistingTopicOptions,
  range: TopicRange,
  progress: BenchProgress,
): Promise<ReferenceCounts> {
  const total = counted(recordsIn(range), 'record');
  return recount(connection, range, {
    tokenizer,
    timeoutMs,
    signal: progress.signal,
    onProgress: (records) => {
      progress.live(`recounting ${range.topic}: ${whole(records)} of ${total}`);
    },
  });
}

function noRecords(topic: string, what: string): ClusterError {
  return new ClusterError('input', `topic '${topic}' has ${what} (--topic)`, {
    hint: `fill it with \`consumer-cluster produce --topic ${topic}\`, or omit --topic`,
  });
}

function recordsIn({ beginOffsets, endOffsets }: TopicRange): number {
  return endOffsets.reduce((sum, end, partition) => sum + end - (beginOffsets[partition] ?? 0), 0);
}
