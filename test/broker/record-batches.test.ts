import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { CompressionTypes, Kafka, logLevel } from 'kafkajs';
import { expect, onTestFinished, test, vi } from 'vitest';
import type { Connection } from '../../src/config/connection.ts';
import { compressions, producerProperties } from '../../src/config/producer-properties.ts';
import { Admin } from '../../src/kafka/kafkajs/admin.ts';
import { createTopic } from '../../src/kafka/kafkajs/create-topic.ts';
import { readIndependently } from '../../src/kafka/kafkajs/independent-reader.ts';
import { ChangelogReader, keyedRow, keyedRowFields } from '../../src/kafka/native/changelog-reader.ts';
import { partitionEnd } from '../../src/kafka/native/consumer.ts';
import { smallest } from '../../src/statistics/extremes.ts';
import { fillTopic, member, type ReadRecord } from '../kafka/native/test-group.ts';
import { sharedBrokers } from '../support/brokers.ts';
import { produceTransactions } from '../support/transactions.ts';

const timeoutMs = 20_000;

async function newTopic(connection: Connection, config: Readonly<Record<string, string>> = {}): Promise<string> {
  const topic = `record-batches-${randomUUID().slice(0, 8)}`;
  await createTopic({ connection, topic, partitions: 1, replicationFactor: 1, config, timeoutMs });
  return topic;
}

async function endOffset(connection: Connection, topic: string): Promise<number> {
  const admin = await Admin.connect(connection, { timeoutMs });
  const offsets = await admin.offsets(topic);
  await admin.close();
  return offsets[0]?.highWatermark ?? NaN;
}

const textOf = (value: Uint8Array | null): string | null => (value === null ? null : Buffer.from(value).toString());

interface KeyedRecord {
  readonly offset: number;
  readonly key: string | null;
  readonly value: string | null;
}

/** What a client that shares no code with the members' reads. */
async function independent(connection: Connection, topic: string): Promise<KeyedRecord[]> {
  const records: KeyedRecord[] = [];
  await readIndependently(connection, {
    topic,
    ranges: [{ partition: 0, begin: 0, end: await endOffset(connection, topic) }],
    timeoutMs,
    onRecord: (_partition, offset, value, key) => records.push({ offset, key: textOf(key), value: textOf(value) }),
  });
  return records;
}

/** All records of the partition, until the client reports its end. */
async function read(connection: Connection, topic: string, offset = 0): Promise<ReadRecord[]> {
  const properties = { 'isolation.level': 'read_committed', 'enable.partition.eof': true };
  const it = member({ connection, topic, groupId: `g-${randomUUID()}`, properties });
  onTestFinished(async () => {
    await it.consumer.close(1_000);
  });
  it.consumer.connect();
  it.consumer.assign([{ partition: 0, offset }]);
  const end = await endOffset(connection, topic);
  const isEnd = (record: ReadRecord | undefined): boolean => record?.timestampMs === -1 && record.offset === end;
  const records = await it.read((found) => isEnd(found.at(-1)), { timeoutMs: 60_000, recordsMax: 10_000 });
  return records.filter(({ timestampMs }) => timestampMs !== -1);
}

async function readKeyed(connection: Connection, topic: string): Promise<KeyedRecord[]> {
  const reader = new ChangelogReader({
    connection,
    clientId: 'test',
    groupId: 'unused',
    topic,
    onError: () => undefined,
  });
  onTestFinished(() => {
    reader.destroy();
  });
  reader.assign([{ partition: 0, offset: 0 }]);
  const end = await endOffset(connection, topic);
  const records: KeyedRecord[] = [];
  const deadlineMs = performance.now() + timeoutMs;
  for (;;) {
    const count = reader.read(20, 100);
    for (let index = 0; index < count; index += 1) {
      const at = (field: number): number => reader.rows[index * keyedRowFields + field] ?? NaN;
      const bytes = (start: number, length: number): string | null =>
        length === -1 ? null : Buffer.from(reader.values.subarray(start, start + length)).toString();
      const offset = at(keyedRow.offset);
      if (at(keyedRow.valueLength) === partitionEnd) {
        if (offset === end) return records;
      } else {
        const key = bytes(at(keyedRow.keyStart), at(keyedRow.keyLength));
        records.push({ offset, key, value: bytes(at(keyedRow.valueStart), at(keyedRow.valueLength)) });
      }
    }
    if (performance.now() > deadlineMs) throw new Error(`no end of ${topic}`);
    await sleep(0);
  }
}

test.each(compressions)('batches compressed with %s are read whole, and from their middle', async (compression) => {
  const connection = await sharedBrokers();
  const topic = await newTopic(connection);
  const values = Array.from({ length: 3_000 }, (_, index) =>
    index % 100 === 0 ? null : Buffer.from(`record ${index} `.repeat(index % 9)),
  );
  await fillTopic(
    connection,
    topic,
    [values],
    producerProperties({ compression, keyed: false }) as Record<string, string | number>,
  );
  const all = (await independent(connection, topic)).map(({ offset, value }) => ({ offset, value }));
  expect(all.map(({ value }) => value)).toEqual(values.map(textOf));
  for (const from of [0, 1_234]) {
    const records = await read(connection, topic, from);
    expect(records.map(({ offset, value }) => ({ offset, value: textOf(value) }))).toEqual(all.slice(from));
  }
});

test('a batch of 16 MiB is read through a buffer of 1 MiB', async () => {
  const connection = await sharedBrokers();
  const topic = await newTopic(connection);
  const values = Array.from({ length: 16_000 }, (_, index) => Buffer.alloc(1_024, `${index} `));
  const properties = {
    'compression.type': 'gzip',
    'linger.ms': 2_000,
    'batch.size': 2 ** 26,
    'batch.num.messages': 1_000_000,
  };
  await fillTopic(connection, topic, [values], { ...properties, 'message.max.bytes': 2 ** 26 });
  const records = await read(connection, topic);
  expect(records.map(({ offset }) => offset)).toEqual(values.map((_, offset) => offset));
  expect(records.every(({ value }, index) => values[index]?.equals(value ?? Buffer.alloc(0)))).toBe(true);
});

test('records of aborted transactions and transaction markers are passed, committed ones are not', async () => {
  const connection = await sharedBrokers();
  const topic = await newTopic(connection);
  const transactions = Array.from({ length: 12 }, (_, index) => ({
    partition: 0,
    values: Array.from({ length: 1 + (index % 4) }, (__, record) => `${index}.${record}`),
    outcome: index % 3 === 0 ? ('aborted' as const) : ('committed' as const),
  }));
  await produceTransactions(connection, topic, transactions);
  const expected = await independent(connection, topic);
  expect(expected.map(({ value }) => value)).toEqual(
    transactions.flatMap(({ values, outcome }) => (outcome === 'committed' ? values : [])),
  );
  const records = await read(connection, topic);
  expect(records.map(({ offset, value }) => ({ offset, key: null, value: textOf(value) }))).toEqual(expected);
  expect(await readKeyed(connection, topic)).toEqual(expected);
});

test('keys are read with their values, and headers are passed', async () => {
  const connection = await sharedBrokers();
  const topic = await newTopic(connection);
  const producer = new Kafka({
    brokers: connection.bootstrapServers.split(','),
    logLevel: logLevel.NOTHING,
  }).producer();
  await producer.connect();
  const messages = Array.from({ length: 200 }, (_, index) => ({
    key: index % 3 === 0 ? null : `key ${index}`,
    value: index % 5 === 0 ? null : `value ${index}`,
    headers: Object.fromEntries(
      Array.from({ length: index % 4 }, (__, header) => [`header ${header}`, 'x'.repeat(index)]),
    ),
  }));
  await producer.send({ topic, messages, compression: CompressionTypes.GZIP });
  await producer.disconnect();
  const expected = messages.map(({ key, value }, offset) => ({ offset, key, value }));
  expect(await readKeyed(connection, topic)).toEqual(expected);
  expect((await read(connection, topic)).map(({ value }) => textOf(value))).toEqual(messages.map(({ value }) => value));
});

test('a topic with log append time has the timestamp of the broker', async () => {
  const connection = await sharedBrokers();
  const topic = await newTopic(connection, { 'message.timestamp.type': 'LogAppendTime' });
  const producer = new Kafka({
    brokers: connection.bootstrapServers.split(','),
    logLevel: logLevel.NOTHING,
  }).producer();
  await producer.connect();
  const startMs = Date.now();
  await producer.send({ topic, messages: ['a', 'b', 'c'].map((value) => ({ value, timestamp: '1000' })) });
  await producer.disconnect();
  const timestamps = (await read(connection, topic)).map(({ timestampMs }) => timestampMs);
  expect(timestamps).toHaveLength(3);
  expect(smallest(timestamps)).toBeGreaterThanOrEqual(startMs);
  expect(new Set(timestamps).size).toBe(1);
});

test('a compacted topic is read with its gaps', async () => {
  const connection = await sharedBrokers();
  const topic = await newTopic(connection, {
    'cleanup.policy': 'compact',
    'segment.bytes': String(2 ** 20),
    'segment.ms': '1000',
    'min.cleanable.dirty.ratio': '0.001',
    'max.compaction.lag.ms': '1000',
  });
  const producer = new Kafka({
    brokers: connection.bootstrapServers.split(','),
    logLevel: logLevel.NOTHING,
  }).producer();
  await producer.connect();
  const send = async (keys: number): Promise<void> => {
    const messages = Array.from({ length: 300 }, (_, index) => ({
      key: `key ${index % keys}`,
      value: `value ${index}`,
    }));
    await producer.send({ topic, messages });
  };
  // Most records of the first batches are superseded. The last segment is not compacted.
  await send(97);
  await send(120);
  const superseded = (records: readonly KeyedRecord[]): boolean =>
    records.filter(({ offset }) => offset < 600).length < 300;
  for (const endMs = performance.now() + 100_000; !superseded(await independent(connection, topic));) {
    if (performance.now() > endMs) throw new Error('the broker does not compact the topic');
    await send(1);
    await sleep(3_000);
  }
  await producer.disconnect();
  // The broker may compact more between two reads.
  await vi.waitFor(
    async () => {
      const compacted = await independent(connection, topic);
      const keyed = await readKeyed(connection, topic);
      const values = (await read(connection, topic)).map(({ offset, value }) => ({ offset, value: textOf(value) }));
      expect(keyed).toEqual(compacted);
      expect(values).toEqual(compacted.map(({ offset, value }) => ({ offset, value })));
    },
    { timeout: 60_000, interval: 1_000 },
  );
});
