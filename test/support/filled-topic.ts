import { randomUUID } from 'node:crypto';
import type { Connection } from '../../src/config/connection.ts';
import { createTopic } from '../../src/kafka/kafkajs/create-topic.ts';
import { produceToTopic } from '../../src/workload/produce-to-topic.ts';
import { referenceCounts, type ReferenceCounts } from '../../src/workload/reference-counts.ts';

export interface FilledTopic {
  readonly connection: Connection;
  readonly topic: string;
  readonly beginOffsets: readonly number[];
  readonly endOffsets: readonly number[];
  readonly reference: ReferenceCounts;
}

/** A new topic with the first records of the book, and what it must count to. */
export async function fillTopic(
  connection: Connection,
  { records, partitions = 4 }: { readonly records: number; readonly partitions?: number },
): Promise<FilledTopic> {
  const topic = `test-${randomUUID().slice(0, 8)}`;
  const workload = { type: 'book' } as const;
  await createTopic({ connection, topic, partitions, replicationFactor: undefined, timeoutMs: 20_000 });
  const [produced, reference] = await Promise.all([
    produceToTopic({ connection, topic, partitions, workload, records, timeoutMs: 20_000 }),
    referenceCounts(workload, { records, tokenizer: 'unicode' }),
  ]);
  const endOffsets = produced.perPartition ?? [];
  return { connection, topic, beginOffsets: endOffsets.map(() => 0), endOffsets, reference };
}
