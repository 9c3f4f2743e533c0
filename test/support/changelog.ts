import { randomUUID } from 'node:crypto';
import { Kafka, Partitioners } from 'kafkajs';
import type { Connection } from '../../src/config/connection.ts';
import { kafkajsConfig } from '../../src/kafka/kafkajs/config.ts';
import { encodeProgress, type Progress } from '../../src/protocol/changelog-format.ts';

/** One partition's part of a commit. */
export interface CommittedPart {
  readonly partition: number;
  readonly words: ReadonlyMap<string, number>;
  readonly progress: Progress;
}

/**
 * Commits as a member of a durable group does, with another client: words, progress and consumed
 * offsets in one transaction.
 */
export async function commitChangelog(
  connection: Connection,
  { group, source, topic }: { readonly group: string; readonly source: string; readonly topic: string },
  parts: readonly CommittedPart[],
  end: 'commit' | 'abort' = 'commit',
): Promise<void> {
  const options = { clientId: 'test-changelog', requestTimeoutMs: 10_000, connectionTimeoutMs: 3_000 };
  const kafka = new Kafka({ ...kafkajsConfig(connection, options), retry: { retries: 10 } });
  const producer = kafka.producer({
    ...{ transactionalId: `test-${randomUUID()}`, maxInFlightRequests: 1, idempotent: true },
    createPartitioner: Partitioners.DefaultPartitioner,
  });
  await producer.connect();
  try {
    const transaction = await producer.transaction();
    await transaction.send({ topic, messages: parts.flatMap(messagesOf) });
    const partitions = parts.map(({ partition, progress }) => ({ partition, offset: String(progress.nextOffset) }));
    await transaction.sendOffsets({ consumerGroupId: group, topics: [{ topic: source, partitions }] });
    await transaction[end]();
  } finally {
    await producer.disconnect();
  }
}

function messagesOf({ partition, words, progress }: CommittedPart) {
  const counts = [...words].map(([word, count]) => {
    const value = Buffer.alloc(8);
    value.writeBigInt64BE(BigInt(count));
    return { partition, key: Buffer.from(word), value };
  });
  const { bytes, rows, count } = encodeProgress([{ partition, progress }]);
  const records = Array.from({ length: count }, (_, index) => {
    const [, keyStart = 0, keyLength = 0, start = 0, length = 0] = rows.subarray(index * 5);
    const slice = (from: number, bytesLong: number): Buffer => Buffer.from(bytes.subarray(from, from + bytesLong));
    return { partition, key: slice(keyStart, keyLength), value: slice(start, length) };
  });
  return [...counts, ...records];
}
