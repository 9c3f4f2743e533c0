import type { Connection } from '../config/connection.ts';
import { WordcountError } from '../errors.ts';
import { Admin } from './admin.ts';

/** What there is to read in a topic at one moment; the index of both lists is the partition. */
export interface TopicRange {
  readonly topic: string;
  /** Kafka's id of the topic that the offsets are of, when it is known. */
  readonly topicId?: string;
  readonly beginOffsets: readonly number[];
  /** Exclusive. */
  readonly endOffsets: readonly number[];
}

/** @throws WordcountError topicUnavailable when there is no such topic, brokerUnavailable when nobody answers */
export async function readTopicRange(connection: Connection, topic: string, timeoutMs: number): Promise<TopicRange> {
  const admin = await Admin.connect(connection, { timeoutMs });
  try {
    if ((await admin.topic(topic)) === undefined) {
      throw new WordcountError('topicUnavailable', `there is no topic '${topic}' (--topic)`, {
        hint: `fill one with \`consumer-cluster produce --topic ${topic}\`, or look for a slip of the pen`,
      });
    }
    // Before the offsets: if it was made anew in between, the id is that of the old one, and the count will find out.
    const topicId = await admin.topicId(topic);
    const offsets = [...(await admin.offsets(topic))].sort((a, b) => a.partition - b.partition);
    return {
      topic,
      ...(topicId === undefined ? {} : { topicId }),
      beginOffsets: offsets.map(({ beginOffset }) => beginOffset),
      endOffsets: offsets.map(({ endOffset }) => endOffset),
    };
  } finally {
    await admin.close();
  }
}
