import { randomUUID } from 'node:crypto';
import type { Connection } from '../../src/config/connection.ts';
import { createTopic } from '../../src/kafka/kafkajs/create-topic.ts';

/** @returns the name of a new topic without records */
export async function emptyTopic(connection: Connection, partitions: number): Promise<string> {
  const topic = `test-${randomUUID().slice(0, 8)}`;
  await createTopic({ connection, topic, partitions, replicationFactor: undefined, timeoutMs: 20_000 });
  return topic;
}
