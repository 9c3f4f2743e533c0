import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import type { Connection } from '../../src/config/connection.ts';
import { compressions } from '../../src/config/producer-properties.ts';
import { createTopic } from '../../src/kafka/kafkajs/create-topic.ts';
import { BatchProducer } from '../../src/kafka/native/producer.ts';
import { findInputFiles } from '../../src/workload/input-files.ts';
import { produceToTopic, type ProduceOptions, type ProduceResult } from '../../src/workload/produce-to-topic.ts';
import { openWorkload, type Workload } from '../../src/workload/workload.ts';
import { sharedBrokers } from '../support/brokers.ts';
import { takeRecords } from '../workload/naive.ts';
import { readBack, withAdmin } from '../workload/read-back.ts';

const timeoutMs = 20_000;
const folder = mkdtempSync(join(tmpdir(), 'produce-'));
afterAll(() => {
  rmSync(folder, { recursive: true });
});

async function newTopic(connection: Connection, partitions: number): Promise<string> {
  const topic = `produce-${randomUUID().slice(0, 8)}`;
  await createTopic({ connection, topic, partitions, replicationFactor: undefined, timeoutMs });
  return topic;
}

async function produced(
  partitions: number,
  options: Partial<ProduceOptions> & Pick<ProduceOptions, 'workload' | 'records'>,
): Promise<{ connection: Connection; topic: string; result: ProduceResult }> {
  const connection = options.connection ?? (await sharedBrokers());
  const topic = await newTopic(connection, partitions);
  const result = await produceToTopic({ topic, partitions, timeoutMs, ...options, connection });
  return { connection, topic, result };
}

const zipf: Workload = { type: 'zipf', vocabulary: 9_999, recordBytes: 120, seed: 11, nonAsciiShare: 0.3 };

describe('records are read back as they were produced, byte by byte, in the order of each partition', () => {
  test.each(compressions)('compression %s', async (compression) => {
    const records = 30_001;
    const { connection, topic, result } = await produced(3, { workload: zipf, records, compression });
    const { values, offsets, endOffsets } = await readBack(connection, topic);
    const expected = await takeRecords(openWorkload(zipf, { repeat: true }), records, {
      partitions: 1,
      records: 999,
      bytes: 1e5,
    });
    expect(endOffsets).toEqual([10_001, 10_000, 10_000]);
    expect(result).toMatchObject({ records, bytes: records * 120, perPartition: endOffsets, interrupted: false });
    for (const [partition, list] of values.entries()) {
      expect(offsets[partition]).toEqual(list.map((_, offset) => offset));
      const wrong = list.filter(
        (value, offset) => value?.equals(expected[offset * 3 + partition] ?? Buffer.alloc(0)) !== true,
      );
      expect(wrong).toEqual([]);
    }
  });

  test('files, once and repeated, with empty lines and invalid UTF-8', async () => {
    const path = join(folder, 'lines.txt');
    writeFileSync(path, Buffer.from('one\r\n\r\n\xff\xfe\ntwo words\nlast', 'latin1'));
    const lines = ['one', '', '\xff\xfe', 'two words', 'last'];
    const workload: Workload = { type: 'files', files: await findInputFiles([path]) };
    const once = await produced(1, { workload, records: 'once' });
    const repeated = await produced(1, { workload, records: 13 });
    const read = async (topic: string): Promise<(string | undefined)[] | undefined> =>
      (await readBack(once.connection, topic)).values[0]?.map((value) => value?.toString('latin1'));
    expect(await read(once.topic)).toEqual(lines);
    expect(await read(repeated.topic)).toEqual(Array.from({ length: 13 }, (_, index) => lines[index % lines.length]));
  });

  test('null and empty values, and a record of 1 MB', async () => {
    const connection = await sharedBrokers();
    const topic = await newTopic(connection, 1);
    const producer = new BatchProducer({
      connection,
      clientId: 'test',
      properties: { 'message.max.bytes': 2_000_000 },
    });
    const large = Buffer.alloc(1_000_000, 'x');
    try {
      await producer.connect(timeoutMs);
      const bytes = Buffer.concat([Buffer.from('ab'), large]);
      const ends = Int32Array.of(1, -1, 1, 2, 2, bytes.length, -1);
      await producer.produce({ topic, partition: 0, count: ends.length, values: { bytes, ends } });
      await producer.flush(timeoutMs);
    } finally {
      producer.close();
    }
    const { values } = await readBack(connection, topic);
    expect(values[0]?.map((value) => value?.length)).toEqual([1, undefined, 0, 1, 0, 1_000_000, undefined]);
    expect(values[0]?.[1]).toBeNull();
    expect(values[0]?.[5]?.equals(large)).toBe(true);
  });
});

/**
 * Murmur2 as Java's partitioner has it, written from its description: the oracle for keyed
 * partitions.
 */
function javaPartition(key: Buffer, partitions: number): number {
  const m = 0x5bd1e995;
  let hash = 0x9747b28c ^ key.length;
  for (let index = 0; index + 4 <= key.length; index += 4) {
    let part = Math.imul(key.readInt32LE(index), m);
    part = Math.imul(part ^ (part >>> 24), m);
    hash = Math.imul(hash, m) ^ part;
  }
  const tail = key.subarray(key.length - (key.length % 4));
  if (tail.length > 0) {
    for (const [index, byte] of tail.entries()) hash ^= byte << (8 * index);
    hash = Math.imul(hash, m);
  }
  hash = Math.imul(hash ^ (hash >>> 13), m);
  return ((hash ^ (hash >>> 15)) & 0x7fffffff) % partitions;
}

test.each(['line-number', 'first-word'] as const)('key %s decides the partition as it does in Java', async (key) => {
  const records = 5_000;
  const { connection, topic, result } = await produced(5, { workload: { type: 'book' }, records, key });
  const expected = Array.from({ length: 5 }, (): string[] => []);
  const source = openWorkload({ type: 'book' }, { repeat: true });
  for (const [index, value] of (
    await takeRecords(source, records, { partitions: 1, records: 999, bytes: 1e5 })
  ).entries()) {
    const word = /^[^\0- ]*/.exec(value.toString('latin1'))?.[0] ?? '';
    const partition = javaPartition(Buffer.from(key === 'line-number' ? String(index) : word, 'latin1'), 5);
    expected[partition]?.push(value.toString());
  }
  const { values } = await readBack(connection, topic);
  expect(result.perPartition).toBeUndefined();
  expect(values.map((list) => list.map((value) => value?.toString()))).toEqual(expected);
});

test('waits for a small queue and loses nothing', async () => {
  const connection = await sharedBrokers();
  const tiny = {
    ...connection,
    properties: { ...connection.properties, 'queue.buffering.max.messages': '50', 'linger.ms': '0' },
  };
  const { topic, result } = await produced(2, { connection: tiny, workload: { type: 'book' }, records: 5_000 });
  const { values } = await readBack(connection, topic);
  const expected = await takeRecords(openWorkload({ type: 'book' }, { repeat: true }), 5_000, {
    partitions: 1,
    records: 999,
    bytes: 1e5,
  });
  expect(result.perPartition).toEqual([2_500, 2_500]);
  const wrong = expected.filter((value, index) => values[index % 2]?.[Math.floor(index / 2)]?.equals(value) !== true);
  expect(wrong).toEqual([]);
});

test('never exceeds the rate, and delivers all records', async () => {
  const { connection, topic, result } = await produced(2, { workload: { type: 'book' }, records: 1_500, rate: 1_000 });
  expect(result.durationMs).toBeGreaterThanOrEqual(1_499);
  expect((await readBack(connection, topic)).endOffsets).toEqual([750, 750]);
});

test('an abort ends it, after delivering and reporting exactly what it has produced', async () => {
  const controller = new AbortController();
  const { connection, topic, result } = await produced(3, {
    workload: { type: 'book' },
    records: Infinity,
    signal: controller.signal,
    onProgress: ({ delivered }) => {
      if (delivered > 10_000) controller.abort();
    },
  });
  expect(result.interrupted).toBe(true);
  expect(result.records).toBeGreaterThan(10_000);
  expect((await readBack(connection, topic)).endOffsets).toEqual(result.perPartition);
  expect(result.perPartition?.reduce((sum, count) => sum + count, 0)).toBe(result.records);
});

test('rejects a record larger than the limit of the topic', async () => {
  const path = join(folder, 'huge.txt');
  writeFileSync(path, 'x'.repeat(9_000_000));
  const workload: Workload = { type: 'files', files: await findInputFiles([path]) };
  await expect(produced(1, { workload, records: 'once' })).rejects.toMatchObject({ code: 'input' });
});

test('a missing topic is an error, not an endless wait', async () => {
  const connection = await sharedBrokers();
  const topic = `none-${randomUUID().slice(0, 8)}`;
  const properties = { ...connection.properties, 'topic.metadata.propagation.max.ms': '500' };
  const producing = produceToTopic({
    connection: { ...connection, properties },
    topic,
    partitions: 1,
    workload: { type: 'book' },
    records: 10,
    timeoutMs,
  });
  await expect(producing).rejects.toMatchObject({ name: 'ClusterError' });
  expect(await withAdmin(connection, (admin) => admin.topic(topic))).toBeUndefined();
});
