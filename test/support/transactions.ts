import { randomUUID } from 'node:crypto';
import { Kafka, Partitioners } from 'kafkajs';
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
