import type { Connection } from '../../config/connection.ts';
import { ClusterError } from '../../errors.ts';
import { Admin } from './admin.ts';
import type { PartitionOffsets } from '../cluster-facts.ts';

/** A partition whose end can't be read yet: a transaction that began at `fromOffset` is open. */
export interface HeldBack {
  readonly partition: number;
  readonly fromOffset: number;
  /** Exclusive. */
  readonly toOffset: number;
}

/** Readable offsets of a topic at one time; the index of both lists is the partition. */
export interface TopicRange {
  readonly topic: string;
  /** Kafka's id of the topic that the offsets are of, when it is known. */
  readonly topicId?: string;
  readonly beginOffsets: readonly number[];
  /**
   * Exclusive: end of the log, including records that are not readable before a transaction ends.
   */
  readonly endOffsets: readonly number[];
  /** Partitions that can't be read to their end yet, by an open transaction. */
  readonly heldBack: readonly HeldBack[];
}

/**
 * @throws ClusterError topicUnavailable when the topic does not exist, brokerUnavailable when no
 * broker responds; the signal's reason
 */
export async function readTopicRange(
  connection: Connection,
  topic: string,
  timeoutMs: number,
  signal?: AbortSignal,
): Promise<TopicRange> {
  const admin = await Admin.connect(connection, { timeoutMs, signal });
  try {
    if ((await admin.topic(topic)) === undefined) {
      throw new ClusterError('topicUnavailable', `topic '${topic}' does not exist (--topic)`, {
        hint: `check the name, or fill the topic with \`consumer-cluster produce --topic ${topic}\``,
      });
    }
    // Read before the offsets: if the topic is recreated in between, this is the id of the old one,
    // and the count detects the change.
    const topicId = await admin.topicId(topic);
    const offsets = await admin.offsets(topic);
    return {
      topic,
      ...(topicId === undefined ? {} : { topicId }),
      beginOffsets: offsets.map(({ beginOffset }) => beginOffset),
      endOffsets: offsets.map(({ highWatermark }) => highWatermark),
      heldBack: heldBackOf(offsets),
    };
  } finally {
    await admin.close();
  }
}

function heldBackOf(offsets: readonly PartitionOffsets[]): HeldBack[] {
  return offsets
    .filter(({ endOffset, highWatermark }) => endOffset < highWatermark)
    .map(({ partition, endOffset, highWatermark }) => ({ partition, fromOffset: endOffset, toOffset: highWatermark }));
}
