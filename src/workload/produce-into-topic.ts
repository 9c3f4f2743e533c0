import type { Connection } from '../config/connection.ts';
import { Admin } from '../kafka/kafkajs/admin.ts';
import { createTopic, discardTopic } from '../kafka/kafkajs/create-topic.ts';
import { produceToTopic, type ProduceOptions, type ProduceResult } from './produce-to-topic.ts';

export interface FoundTopic {
  readonly partitions: number;
  /** False when the topic existed; its partitions and replicas are then as they were. */
  readonly created: boolean;
}

export interface ProduceIntoTopicOptions extends ProduceOptions {
  /** Replicas of a new topic; undefined for 2, or 1 with a single broker. */
  readonly replicationFactor?: number;
  /** Called before the first record. */
  readonly onTopic?: (topic: FoundTopic) => void;
  /** Called with the reason when a topic that was created and received nothing is left. */
  readonly onTopicLeft?: (why: string) => void;
}

export type TopicFilled = ProduceResult & Pick<FoundTopic, 'partitions'>;

/**
 * Produces to a topic, which is created if it does not exist: `partitions` are those of a new one. A
 * topic that was created and received nothing is deleted again.
 * @throws ClusterError as produceToTopic and createTopic do; topicUnavailable when a partition has no
 *   leader
 */
export async function produceIntoTopic(options: ProduceIntoTopicOptions): Promise<TopicFilled> {
  const { connection, topic, timeoutMs } = options;
  const found = await prepareTopic(options);
  const { partitions, created } = found;
  options.onTopic?.(found);
  let delivered = 0;
  try {
    const result = await produceToTopic({
      ...options,
      partitions,
      onProgress: (progress) => {
        ({ delivered } = progress);
        options.onProgress?.(progress);
      },
    });
    delivered = result.records;
    return { ...result, partitions };
  } finally {
    const left = created && delivered === 0 ? await discardTopic({ connection, topic, timeoutMs }) : undefined;
    if (left !== undefined) options.onTopicLeft?.(left);
  }
}

async function prepareTopic(options: ProduceIntoTopicOptions): Promise<FoundTopic> {
  const { connection, topic, partitions, replicationFactor, timeoutMs } = options;
  const existing = await partitionsOf(connection, topic, timeoutMs);
  if (existing !== undefined) return { partitions: existing, created: false };
  await createTopic({ connection, topic, partitions, replicationFactor, timeoutMs });
  return { partitions, created: true };
}

/** @returns undefined when the topic does not exist */
async function partitionsOf(connection: Connection, topic: string, timeoutMs: number): Promise<number | undefined> {
  const admin = await Admin.connect(connection, { timeoutMs });
  try {
    if ((await admin.topic(topic)) === undefined) return undefined;
    // Detects a partition without a leader now, not after the delivery timeout.
    return (await admin.offsets(topic)).length;
  } finally {
    await admin.close();
  }
}
