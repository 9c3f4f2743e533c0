import type { Connection } from '../config/connection.ts';
import { WordcountError } from '../errors.ts';
import { Admin } from './admin.ts';
import { heldBackOf, type HeldBack } from './held-back.ts';

/** What there is to read in a topic at one moment; the index of both lists is the partition. */
export interface TopicRange {
  readonly topic: string;
  /** Kafka's id of the topic that the offsets are of, when it is known. */
  readonly topicId?: string;
  readonly beginOffsets: readonly number[];
  /** Exclusive: what has been written, also where it can't be read before a transaction ends. */
  readonly endOffsets: readonly number[];
  /** Partitions that can't be read to their end yet, by an open transaction. */
  readonly heldBack: readonly HeldBack[];
}

/** @throws WordcountError topicUnavailable when there is no such topic, brokerUnavailable when nobody answers */
export async function readTopicRange(connection: Connection, topic: string, timeoutMs: number): Promise<TopicRange> {
  const admin = await Admin.connect(connection, { timeoutMs });
  try {
    if ((await admin.topic(topic)) === undefined) {
      throw new WordcountError('topicUnavailable', `topic '${topic}' does not exist (--topic)`, {
        hint: `check the name, or fill the topic with \`consumer-cluster produce --topic ${topic}\``,
      });
    }
    // Before the offsets: if it was made anew in between, the id is that of the old one, and the count will find out.
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
