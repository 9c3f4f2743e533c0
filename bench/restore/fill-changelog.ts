import type { Connection } from '../../src/config/connection.ts';
import { producerProperties } from '../../src/config/producer-properties.ts';
import { BatchProducer } from '../../src/kafka/native/producer.ts';
import { slicesOf } from '../../src/kafka/native/slices.ts';

export interface DistinctWords {
  readonly topic: string;
  readonly partitions: number;
  /** The first word and the number of words; each is its number in base 36 behind a letter. */
  readonly first: number;
  readonly words: number;
}

const wordsARecord = 100;
const recordsABatch = 1_000;
const timeoutMs = 60_000;

/** Produces each word once, all partitions in turn. */
export async function produceDistinct(connection: Connection, options: DistinctWords): Promise<void> {
  const { topic, partitions, first, words } = options;
  const properties = producerProperties({ compression: 'none', keyed: false });
  const producer = new BatchProducer({ connection, clientId: 'bench-restore', properties });
  try {
    await producer.connect(timeoutMs);
    let next = first;
    for (let batch = 0; next < first + words; batch += 1) {
      const values: Buffer[] = [];
      while (values.length < recordsABatch && next < first + words) {
        const length = Math.min(wordsARecord, first + words - next);
        const text = Array.from({ length }, (_, index) => `w${(next + index).toString(36)}`);
        values.push(Buffer.from(text.join(' ')));
        next += length;
      }
      await producer.produce({
        ...{ topic, partition: batch % partitions, count: values.length, values: slicesOf(values) },
      });
    }
    await producer.flush(timeoutMs);
  } finally {
    producer.close();
  }
}
