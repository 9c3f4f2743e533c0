import { randomUUID } from 'node:crypto';
import { Kafka, logLevel } from 'kafkajs';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Connection } from '../../src/config/connection.ts';
import { Admin } from '../../src/kafka/kafkajs/admin.ts';
import { readIndependently } from '../../src/kafka/kafkajs/independent-reader.ts';
import { produceToTopic } from '../../src/workload/produce-to-topic.ts';
import { sharedBrokers, withBrokers } from '../support/brokers.ts';

const timeoutMs = 20_000;
let connection: Connection;
let admin: Admin;

beforeAll(async () => {
  connection = await sharedBrokers();
  admin = await Admin.connect(connection, { timeoutMs });
});
afterAll(async () => {
  await admin.close();
});

const newName = (): string => `admin-${randomUUID().slice(0, 8)}`;

test('lists both brokers, with the addresses that were asked', async () => {
  const addresses = async (): Promise<string[]> => {
    return (await admin.brokers()).map(({ host, port }) => `${host}:${port}`).sort();
  };
  // A broker that was stopped for 1.5 s is missing briefly.
  await expect.poll(addresses, { timeout: 60_000 }).toEqual(connection.bootstrapServers.split(',').sort());
});

test('a created topic has its partitions, replicas and leaders at once, and a deleted one is gone at once', async () => {
  const topic = newName();
  expect(await admin.topic(topic)).toBeUndefined();
  await admin.createTopic({ topic, partitions: 12, replicationFactor: 2, config: { 'retention.ms': '3600000' } });
  const { partitions } = (await admin.topic(topic)) ?? { partitions: [] };
  expect(partitions.map(({ partition }) => partition)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11]);
  expect(partitions.every(({ leader, replicas }) => leader >= 0 && replicas.length === 2)).toBe(true);
  expect(await admin.topics()).toContain(topic);
  await expect(admin.createTopic({ topic, partitions: 1, replicationFactor: 1 })).rejects.toMatchObject({
    code: 'topicUnavailable',
    message: `topic '${topic}' already exists`,
  });
  await admin.deleteTopic(topic);
  expect(await admin.topic(topic)).toBeUndefined();
  await admin.deleteTopic(topic);
});

test.each([
  [{ partitions: 0, replicationFactor: 1 }, /--partitions/],
  [{ partitions: 1, replicationFactor: 3 }, /--replication-factor/],
  [{ partitions: 1, replicationFactor: 1, config: { 'no.such': '1' } }, /setting/],
])('a topic of %j is refused as usage', async (options, message) => {
  const topic = newName();
  await expect(admin.createTopic({ topic, ...options })).rejects.toMatchObject({
    code: 'usage',
    message: expect.stringMatching(message) as string,
  });
  expect(await admin.topic(topic)).toBeUndefined();
});

test('offsets follow what is produced and deleted; deleted records cannot be read', async () => {
  const topic = newName();
  await admin.createTopic({ topic, partitions: 2, replicationFactor: 1 });
  await produceToTopic({ connection, topic, partitions: 2, workload: { type: 'book' }, records: 21, timeoutMs });
  expect(await admin.offsets(topic)).toEqual([
    { partition: 0, beginOffset: 0, endOffset: 11, highWatermark: 11 },
    { partition: 1, beginOffset: 0, endOffset: 10, highWatermark: 10 },
  ]);
  await admin.deleteRecords(topic, [{ partition: 1, offset: 4 }]);
  expect((await admin.offsets(topic))[1]).toEqual({ partition: 1, beginOffset: 4, endOffset: 10, highWatermark: 10 });
  const reading = readIndependently(connection, {
    topic,
    ranges: [{ partition: 1, begin: 0, end: 10 }],
    timeoutMs,
    onRecord: () => undefined,
  });
  await expect(reading).rejects.toMatchObject({
    code: 'input',
    message: expect.stringMatching(/the records from offset 0 on were deleted/) as string,
  });
  await expect(admin.offsets(newName())).rejects.toMatchObject({ code: 'topicUnavailable' });
});

test("a group's committed offsets are those that were committed, until the group is deleted", async () => {
  const topic = newName();
  const group = newName();
  await admin.createTopic({ topic, partitions: 3, replicationFactor: 1 });
  const none = [0, 1, 2].map((partition) => ({ partition, offset: undefined }));
  expect(await admin.committedOffsets(group, topic)).toEqual(none);
  const committer = new Kafka({ brokers: connection.bootstrapServers.split(','), logLevel: logLevel.NOTHING }).admin();
  await committer.connect();
  await committer.setOffsets({ groupId: group, topic, partitions: [{ partition: 1, offset: '42' }] });
  await committer.disconnect();
  expect(await admin.committedOffsets(group, topic)).toEqual([none[0], { partition: 1, offset: 42 }, none[2]]);
  await admin.deleteGroup(group);
  expect(await admin.committedOffsets(group, topic)).toEqual(none);
  await admin.deleteGroup(group);
});

test('continues while one broker is dead or hangs, and fails within its time limit when all are', async () => {
  await withBrokers(async (brokers) => {
    const short = await Admin.connect(brokers.connection, { timeoutMs: 15_000 });
    await short.createTopic({ topic: 'survives', partitions: 4, replicationFactor: 2 });
    const [first = 0, second = 0] = brokers.nodes.filter(({ role }) => role === 'broker').map(({ nodeId }) => nodeId);
    await brokers.kill(first);
    expect(await short.topics()).toContain('survives');
    expect((await short.offsets('survives')).map(({ endOffset }) => endOffset)).toEqual([0, 0, 0, 0]);
    brokers.pause(second);
    await expect(Admin.connect(brokers.connection, { timeoutMs: 1_500 })).rejects.toMatchObject({
      code: 'brokerUnavailable',
      message: `no broker responded at ${brokers.connection.bootstrapServers} within 1500 ms`,
    });
    brokers.resume(second);
    expect(await short.topics()).toContain('survives');
    await short.close();
  });
});
