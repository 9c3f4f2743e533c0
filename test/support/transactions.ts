import { randomUUID } from 'node:crypto';
import { Kafka, Partitioners, type EachMessagePayload, type KafkaMessage } from 'kafkajs';
import type { Connection } from '../../src/config/connection.ts';
import { kafkajsConfig } from '../../src/kafka/kafkajs/config.ts';

export interface Transaction {
  readonly partition: number;
  readonly values: readonly string[];
  readonly outcome: 'committed' | 'aborted';
}

/**
 * Produces one transaction after the other with kafkajs. Each leaves a marker behind its records:
 * an offset without a record.
 */
export async function produceTransactions(
  connection: Connection,
  topic: string,
  transactions: readonly Transaction[],
): Promise<void> {
  const options = { clientId: 'test-transactions', requestTimeoutMs: 10_000, connectionTimeoutMs: 3_000 };
  // Its own retries, unlike those of our calls: the transaction coordinator needs some time to
  // start.
  const kafka = new Kafka({ ...kafkajsConfig(connection, options), retry: { retries: 10 } });
  const producer = kafka.producer({
    transactionalId: `test-${randomUUID()}`,
    maxInFlightRequests: 1,
    idempotent: true,
    createPartitioner: Partitioners.DefaultPartitioner,
  });
  await producer.connect();
  try {
    for (const { partition, values, outcome } of transactions) {
      const transaction = await producer.transaction();
      await transaction.send({ topic, messages: values.map((value) => ({ partition, value })) });
      await (outcome === 'committed' ? transaction.commit() : transaction.abort());
    }
  } finally {
    await producer.disconnect();
  }
}

/** Reads committed records from the beginning, the given number of them. */
export async function readWithKafkajs<T>(
  connection: Connection,
  topic: string,
  count: number,
  format: (partition: number, message: KafkaMessage) => T,
): Promise<T[]> {
  const options = { clientId: 'test-reader', requestTimeoutMs: 10_000, connectionTimeoutMs: 3_000 };
  const kafka = new Kafka({ ...kafkajsConfig(connection, options), retry: { retries: 10 } });
  const consumer = kafka.consumer({ groupId: `test-${randomUUID()}`, readUncommitted: false });
  const records: T[] = [];
  await consumer.connect();
  try {
    await consumer.subscribe({ topic, fromBeginning: true });
    await new Promise<void>((resolve, reject) => {
      consumer.on('consumer.crash', ({ payload }) => {
        reject(payload.error);
      });
      const eachMessage = ({ partition, message }: EachMessagePayload): Promise<void> => {
        records.push(format(partition, message));
        if (records.length === count) resolve();
        return Promise.resolve();
      };
      consumer.run({ eachMessage }).catch(reject);
    });
  } finally {
    await consumer.disconnect();
  }
  return records;
}
