import { randomUUID } from 'node:crypto';
import { CompressionTypes, Kafka, logLevel, type Producer } from 'kafkajs';
import { expect, test } from 'vitest';
import type { Connection } from '../../src/config/connection.ts';
import { createTopic } from '../../src/kafka/kafkajs/create-topic.ts';
import { readIndependently } from '../../src/kafka/kafkajs/independent-reader.ts';
import { produceToTopic } from '../../src/workload/produce-to-topic.ts';
import { sharedBrokers } from '../support/brokers.ts';
import { givenTime } from '../support/given-time.ts';
import { readBack } from '../workload/read-back.ts';

const timeoutMs = 20_000;

async function newTopic(connection: Connection, partitions: number): Promise<string> {
  const topic = `reader-${randomUUID().slice(0, 8)}`;
  await createTopic({ connection, topic, partitions, replicationFactor: undefined, timeoutMs });
  return topic;
}

async function withProducer(
  connection: Connection,
  options: { readonly transactionalId?: string },
  action: (producer: Producer) => Promise<void>,
): Promise<void> {
  process.env['KAFKAJS_NO_PARTITIONER_WARNING'] = '1';
  const kafka = new Kafka({ brokers: connection.bootstrapServers.split(','), logLevel: logLevel.NOTHING });
  const producer = kafka.producer({ idempotent: true, maxInFlightRequests: 1, ...options });
  await producer.connect();
  try {
    await action(producer);
  } finally {
    await producer.disconnect();
  }
}

test('only committed records are read: not those of aborted transactions, nor the markers', async () => {
  const connection = await sharedBrokers();
  const topic = await newTopic(connection, 2);
  const committed: string[][] = [[], []];
  await withProducer(connection, { transactionalId: topic }, async (producer) => {
    for (let round = 0; round < 12; round += 1) {
      const transaction = await producer.transaction();
      const messages = [0, 1].flatMap((partition) =>
        Array.from({ length: 1 + (round % 3) }, (_, index) => ({ partition, value: `${round}-${partition}-${index}` })),
      );
      await transaction.send({ topic, messages });
      if (round % 4 === 1 || round % 4 === 2) {
        await transaction.abort();
      } else {
        await transaction.commit();
        for (const { partition, value } of messages) committed[partition]?.push(value);
      }
    }
  });
  const texts = async (): Promise<(string | undefined)[][]> => {
    const { values, offsets } = await readBack(connection, topic);
    for (const list of offsets) expect(new Set(list).size, 'no offset is read twice').toBe(list.length);
    // A batch that the producer sent again has separate offsets, and is read as a second batch.
    return values.map((list) => [...new Set(list.map((value) => value?.toString()))]);
  };
  // A commit is answered before its markers are written: until then the topic ends before its
  // records.
  await expect.poll(texts, { timeout: 60_000 }).toEqual(committed);
  const { offsets, endOffsets } = await readBack(connection, topic);
  // Markers and aborted records take offsets too.
  expect(endOffsets[0]).toBeGreaterThan(committed[0]?.length ?? 0);
  expect(offsets[0]).toEqual([...(offsets[0] ?? [])].sort((a, b) => a - b));
});

test('an open transaction ends the reading at the time limit, with the partition in the error', async () => {
  const connection = await sharedBrokers();
  const topic = await newTopic(connection, 1);
  await withProducer(connection, { transactionalId: topic }, async (producer) => {
    const transaction = await producer.transaction();
    await transaction.send({ topic, messages: [{ value: 'pending' }] });
    const ranges = [{ partition: 0, begin: 0, end: 1 }];
    const read = (limitMs: number): Promise<unknown> =>
      readIndependently(connection, { topic, ranges, timeoutMs: limitMs, onRecord: () => undefined }).catch(
        (error: unknown) => error,
      );
    const text = 'partition 0: an open transaction blocks the records from offset 0';
    const isFinal = (end: unknown): boolean => !(end instanceof Error) || end.message.includes(text);
    expect(await givenTime(read, isFinal)).toMatchObject({
      code: 'timeout',
      message: expect.stringContaining(text) as string,
    });
    await transaction.abort();
  });
});

test('skips keys, headers, timestamps and null values of another producer', async () => {
  const connection = await sharedBrokers();
  const topic = await newTopic(connection, 1);
  const headers = Object.fromEntries(Array.from({ length: 300 }, (_, index) => [`header-${index}`, 'x'.repeat(index)]));
  await withProducer(connection, {}, async (producer) => {
    const messages = [
      { key: 'k', value: 'first', headers, timestamp: '1' },
      { key: null, value: null, timestamp: '1700000000000' },
      { key: '', value: '', headers: { a: ['b', 'c'] }, timestamp: '1500000000000' },
      { value: 'ä'.repeat(100_000) },
    ];
    await producer.send({ topic, messages });
    await producer.send({ topic, messages, compression: CompressionTypes.GZIP });
  });
  const { values } = await readBack(connection, topic);
  const once = ['first', undefined, '', 'ä'.repeat(100_000)];
  expect(values[0]?.map((value) => value?.toString())).toEqual([...once, ...once]);
});

test('reads exactly a range that begins and ends within batches', async () => {
  const connection = await sharedBrokers();
  const topic = await newTopic(connection, 2);
  await produceToTopic({
    connection,
    topic,
    partitions: 2,
    workload: { type: 'book' },
    records: 4_000,
    compression: 'lz4',
    timeoutMs,
  });
  const ranges = [
    { partition: 0, begin: 777, end: 1_234 },
    { partition: 1, begin: 1_999, end: 2_000 },
    { partition: 1, begin: 5, end: 5 },
  ];
  const read: Record<number, number[]> = { 0: [], 1: [] };
  await readIndependently(connection, {
    topic,
    ranges: ranges.slice(0, 2),
    timeoutMs,
    onRecord: (partition, offset) => read[partition]?.push(offset),
  });
  expect(read[0]).toEqual(Array.from({ length: 1_234 - 777 }, (_, index) => 777 + index));
  expect(read[1]).toEqual([1_999]);
});

test('reads many partitions to their ends', async () => {
  const connection = await sharedBrokers();
  const topic = await newTopic(connection, 40);
  await produceToTopic({ connection, topic, partitions: 40, workload: { type: 'book' }, records: 50_000, timeoutMs });
  const { values } = await readBack(connection, topic);
  expect(values.map(({ length }) => length)).toEqual(Array.from({ length: 40 }, () => 1_250));
});

test('an abort ends the reading with its reason; an unknown topic is an error', async () => {
  const connection = await sharedBrokers();
  const topic = await newTopic(connection, 1);
  const reason = new Error('enough');
  const reading = readIndependently(connection, {
    topic,
    ranges: [{ partition: 0, begin: 0, end: 1 }],
    timeoutMs,
    onRecord: () => undefined,
    signal: AbortSignal.abort(reason),
  });
  await expect(reading).rejects.toBe(reason);
  const unknown = readIndependently(connection, {
    topic: `none-${randomUUID()}`,
    ranges: [{ partition: 0, begin: 0, end: 1 }],
    timeoutMs,
    onRecord: () => undefined,
  });
  await expect(unknown).rejects.toMatchObject({ code: 'topicUnavailable' });
});
