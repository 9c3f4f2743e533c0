import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Connection } from '../../../src/config/connection.ts';
import { startMockCluster, type MockCluster } from '../../../src/kafka/native/mock-cluster.ts';
import { BatchProducer } from '../../../src/kafka/native/producer.ts';
import { slicesOf } from '../../../src/kafka/native/slices.ts';
import { member, mockConnection, type ReadRecord, type Value } from './test-group.ts';

let cluster: MockCluster;
let connection: Connection;
beforeAll(async () => {
  cluster = await startMockCluster(2);
  connection = mockConnection(cluster.bootstrapServers);
});
afterAll(async () => {
  await cluster.close();
});

async function connected(properties: Readonly<Record<string, string | number | boolean>>): Promise<BatchProducer> {
  const producer = new BatchProducer({ connection, clientId: 'test', properties: { 'linger.ms': 1, ...properties } });
  await producer.connect(60_000);
  return producer;
}

async function readAll(topic: string, partitions: readonly number[], count: number): Promise<ReadRecord[]> {
  const reader = member({ connection, topic, groupId: `reads ${topic}` });
  reader.consumer.connect();
  reader.consumer.assign(partitions.map((partition) => ({ partition, offset: 0 })));
  const records = await reader.read(({ length }) => length >= count);
  await reader.consumer.close(1_000);
  return records;
}

const text = (value: string): Uint8Array => new TextEncoder().encode(value);

describe('a producer', () => {
  test('waits while its queue is full, and loses, repeats and reorders nothing', async () => {
    cluster.createTopic('full', 1);
    const producer = await connected({ 'queue.buffering.max.messages': 100, 'enable.idempotence': true });
    const values = Array.from({ length: 5_000 }, (_, index) => text(`record ${index}`));
    await producer.produce({ topic: 'full', partition: 0, count: values.length, values: slicesOf(values) });
    await producer.flush(60_000);
    expect(producer.delivered).toBe(5_000);
    expect(producer.failed).toBe(0);
    producer.close();
    const records = await readAll('full', [0], 5_000);
    expect(records.map(({ value }) => Buffer.from(value ?? []).toString())).toEqual(
      values.map((value) => Buffer.from(value).toString()),
    );
  });

  test('distinguishes null, empty and absent values and keys', async () => {
    cluster.createTopic('nulls', 4);
    const producer = await connected({ partitioner: 'murmur2_random' });
    const values: Value[] = [null, new Uint8Array(0), text('v'), null, text('w')];
    const keys: Value[] = [text('k'), text('k'), text('k'), text('k'), text('k')];
    const count = values.length;
    await producer.produce({ topic: 'nulls', partition: -1, count, values: slicesOf(values), keys: slicesOf(keys) });
    await producer.flush(60_000);
    producer.close();
    const records = await readAll('nulls', [0, 1, 2, 3], count);
    expect(new Set(records.map(({ partition }) => partition)).size).toBe(1);
    expect(records.map(({ value }) => value)).toEqual(values);
  });

  test('rejects ends that are out of order or beyond the bytes, before it accepts a record', async () => {
    cluster.createTopic('refused', 1);
    const producer = await connected({});
    for (const ends of [
      [2, 1],
      [1, 5],
      [-2, 1],
    ]) {
      const values = { bytes: new Uint8Array(4), ends: Int32Array.from(ends) };
      await expect(producer.produce({ topic: 'refused', partition: 0, count: 2, values })).rejects.toThrow(/in order/);
    }
    expect(producer.delivered).toBe(0);
    producer.close();
  });

  test('reports which record is too large', async () => {
    cluster.createTopic('large', 1);
    const producer = await connected({ 'message.max.bytes': 1_000 });
    const values = slicesOf([new Uint8Array(10), new Uint8Array(2_000)]);
    await expect(producer.produce({ topic: 'large', partition: 0, count: 2, values })).rejects.toMatchObject({
      code: 'input',
    });
    producer.close();
  });

  test('ends its wait on the signal', async () => {
    cluster.createTopic('aborted', 1);
    const producer = await connected({ 'queue.buffering.max.messages': 10 });
    cluster.setBrokerUp(1, false);
    cluster.setBrokerUp(2, false);
    const values = slicesOf(Array.from({ length: 100 }, () => text('x')));
    const produced = producer.produce({ topic: 'aborted', partition: 0, count: 100, values }, AbortSignal.timeout(200));
    await expect(produced).rejects.toMatchObject({ name: 'AbortError' });
    await expect(producer.flush(100)).rejects.toMatchObject({ code: 'timeout' });
    cluster.setBrokerUp(1, true);
    cluster.setBrokerUp(2, true);
    producer.close();
  });

  test('throws when a record could not be delivered', async () => {
    cluster.createTopic('failing', 1);
    const producer = await connected({ 'message.timeout.ms': 300 });
    cluster.setBrokerUp(1, false);
    cluster.setBrokerUp(2, false);
    await producer.produce({ topic: 'failing', partition: 0, count: 1, values: slicesOf([text('x')]) });
    await expect(producer.flush(60_000)).rejects.toMatchObject({
      code: 'brokerUnavailable',
      message: expect.stringContaining('1 record could not be delivered') as string,
    });
    expect(producer.failed).toBe(1);
    cluster.setBrokerUp(1, true);
    cluster.setBrokerUp(2, true);
    producer.close();
  });

  test('reports that no broker responds', async () => {
    const producer = new BatchProducer({ connection: mockConnection('127.0.0.1:1'), clientId: 'test', properties: {} });
    const startMs = performance.now();
    await expect(producer.connect(800)).rejects.toMatchObject({ code: 'brokerUnavailable' });
    expect(performance.now() - startMs).toBeLessThan(20_000);
    producer.close();
  });
});
