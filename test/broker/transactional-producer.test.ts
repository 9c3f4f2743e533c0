import { randomUUID } from 'node:crypto';
import type { KafkaMessage } from 'kafkajs';
import { beforeAll, expect, onTestFinished, test } from 'vitest';
import type { Connection } from '../../src/config/connection.ts';
import { Admin } from '../../src/kafka/kafkajs/admin.ts';
import { member, type TestMember } from '../kafka/native/test-group.ts';
import { changelogContents, changelogText, keyedRows, producer, until } from '../kafka/native/test-transactions.ts';
import { sharedBrokers } from '../support/brokers.ts';
import { readWithKafkajs } from '../support/transactions.ts';

const source = `transactions-source-${Date.now()}`;
let connection: Connection;

beforeAll(async () => {
  connection = await sharedBrokers();
  await createTopic(source, 2);
});

async function createTopic(topic: string, partitions: number, config: Record<string, string> = {}): Promise<void> {
  const admin = await Admin.connect(connection, { timeoutMs: 20_000 });
  await admin.createTopic({ topic, partitions, replicationFactor: 2, config });
  await admin.close();
}

async function createChangelog(): Promise<string> {
  const topic = `transactions-changelog-${randomUUID()}`;
  await createTopic(topic, 2, { 'cleanup.policy': 'compact' });
  return topic;
}

async function committedOffsets(groupId: string): Promise<unknown> {
  const admin = await Admin.connect(connection, { timeoutMs: 20_000 });
  const offsets = await admin.committedOffsets(groupId, source);
  await admin.close();
  return [0, 1].map((partition) => offsets.find((found) => found.partition === partition)?.offset);
}

/** A member of a new group that has joined. */
async function joinedMember(groupId: string): Promise<TestMember> {
  const it = member({ connection, topic: source, groupId });
  onTestFinished(async () => {
    await it.consumer.close(2_000);
  });
  it.consumer.connect();
  it.consumer.subscribe();
  await it.read(() => it.events.length > 0);
  return it;
}

test('commits records with their keys, and the offsets of the group, in one transaction', async () => {
  const topic = await createChangelog();
  const groupId = `transactions-${randomUUID()}`;
  const { consumer } = await joinedMember(groupId);
  const it = await producer({ connection, topic, transactionalId: groupId });
  it.begin();
  const rows = keyedRows([
    [0, 'word', 1],
    [1, 'Wort', 2],
    [0, 'word', 3],
  ]);
  expect(it.produce(rows.bytes, rows.rows, 0, 2)).toBe(2);
  expect(it.produce(rows.bytes, rows.rows, 2, 3)).toBe(1);
  await until(it, () => it.queued === 0);
  expect([0, 1, 2].map((partition) => it.lastOffset(partition))).toEqual([1, 0, -1]);
  await until(it, () => it.sendOffsets(consumer, [{ partition: 0, offset: 7 }]));
  expect((await changelogContents(connection, topic, 2)).records).toEqual([]);
  await until(it, () => it.commit());
  const contents = await changelogContents(connection, topic, 2);
  expect(contents.records).toEqual(['0 0 word=1', '0 1 word=3', '1 0 Wort=2']);
  // Past the transaction's marker.
  expect(contents.ends).toEqual([3, 2]);
  const text = (partition: number, { offset, key, value }: KafkaMessage): string =>
    changelogText(partition, Number(offset), key, value);
  expect((await readWithKafkajs(connection, topic, 3, text)).sort()).toEqual(contents.records);
  expect(await committedOffsets(groupId)).toEqual([7, undefined]);
});

test('an abort leaves neither records nor offsets, and the next transaction succeeds', async () => {
  const topic = await createChangelog();
  const groupId = `transactions-${randomUUID()}`;
  const { consumer } = await joinedMember(groupId);
  const it = await producer({ connection, topic, transactionalId: groupId });
  const rows = keyedRows([[0, 'word', 1]]);
  it.begin();
  it.produce(rows.bytes, rows.rows, 0, 1);
  await until(it, () => it.sendOffsets(consumer, [{ partition: 1, offset: 5 }]));
  await until(it, () => it.abort());
  it.begin();
  // Aborted while a record and offsets are under way.
  it.produce(rows.bytes, rows.rows, 0, 1);
  it.sendOffsets(consumer, [{ partition: 1, offset: 6 }]);
  await until(it, () => it.abort());
  expect((await changelogContents(connection, topic, 2)).records).toEqual([]);
  expect(await committedOffsets(groupId)).toEqual([undefined, undefined]);
  it.begin();
  it.produce(rows.bytes, rows.rows, 0, 1);
  await until(it, () => it.commit());
  expect((await changelogContents(connection, topic, 2)).records).toEqual([
    expect.stringMatching(/^0 \d word=1$/) as string,
  ]);
});

test('a second producer with the transactional id fences the first, and ends its transaction', async () => {
  const topic = await createChangelog();
  const transactionalId = `transactions-${randomUUID()}`;
  const first = await producer({ connection, topic, transactionalId });
  const rows = keyedRows([[0, 'word', 1]]);
  first.begin();
  first.produce(rows.bytes, rows.rows, 0, 1);
  await until(first, () => first.queued === 0);
  const second = await producer({ connection, topic, transactionalId });
  await expect(until(first, () => first.commit())).rejects.toMatchObject({ outcome: 'fatal' });
  expect(() => first.abort()).toThrow(expect.objectContaining({ outcome: 'fatal' }) as Error);
  second.begin();
  second.produce(rows.bytes, rows.rows, 0, 1);
  await until(second, () => second.commit());
  // At offset 0 is the fenced producer's record, at offset 1 the marker that aborted it.
  expect((await changelogContents(connection, topic, 2)).records).toEqual(['0 2 word=1']);
});
