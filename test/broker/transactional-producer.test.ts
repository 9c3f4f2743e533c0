import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { isDeepStrictEqual } from 'node:util';
import { Worker } from 'node:worker_threads';
import type { KafkaMessage } from 'kafkajs';
import { beforeAll, expect, onTestFinished, test } from 'vitest';
import type { Connection } from '../../src/config/connection.ts';
import { Admin } from '../../src/kafka/kafkajs/admin.ts';
import { answerRebalance, member, type TestMember } from '../kafka/native/test-group.ts';
import {
  changelogContents,
  changelogText,
  createChangelog,
  createTopic,
  keyedRows,
  producer,
  until,
} from '../kafka/native/test-transactions.ts';
import { sharedBrokers, withBrokers } from '../support/brokers.ts';
import { eventually } from '../support/eventually.ts';
import { readWithKafkajs } from '../support/transactions.ts';

const source = `transactions-source-${Date.now()}`;
let connection: Connection;

beforeAll(async () => {
  connection = await sharedBrokers();
  await createTopic(connection, source);
});

async function committedOffsets(groupId: string): Promise<unknown> {
  const admin = await Admin.connect(connection, { timeoutMs: 20_000 });
  const offsets = await admin.committedOffsets(groupId, source);
  await admin.close();
  return [0, 1].map((partition) => offsets.find((found) => found.partition === partition)?.offset);
}

/** A transaction's marker may reach the group's offsets after its commit has been answered. */
function offsetsCommitted(groupId: string, offsets: readonly (number | undefined)[]): Promise<void> {
  const found = async (): Promise<boolean> => isDeepStrictEqual(await committedOffsets(groupId), offsets);
  return eventually(`offsets ${String(offsets)} of ${groupId}`, found);
}

/** A member of a new group that has joined. */
async function joinedMember(groupId: string, options: Partial<Parameters<typeof member>[0]> = {}): Promise<TestMember> {
  const it = member({ connection, topic: source, groupId, properties: { 'session.timeout.ms': 45_000 }, ...options });
  onTestFinished(async () => {
    await it.consumer.close(2_000);
  });
  it.consumer.connect();
  it.consumer.subscribe();
  await it.read(() => it.events.length > 0);
  return it;
}

test('commits records with their keys, and the offsets of the group, in one transaction', async () => {
  const topic = await createChangelog(connection);
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
  const uncommitted = await changelogContents(connection, topic, 2, { whileOpen: true });
  expect(uncommitted.records).toEqual([]);
  await until(it, () => it.commit());
  const contents = await changelogContents(connection, topic, 2);
  expect(contents.records).toEqual(['0 0 word=1', '0 1 word=3', '1 0 Wort=2']);
  // Past the transaction's marker.
  expect(contents.ends).toEqual([3, 2]);
  const text = (partition: number, { offset, key, value }: KafkaMessage): string =>
    changelogText(partition, Number(offset), key, value);
  expect((await readWithKafkajs(connection, topic, 3, text)).sort()).toEqual(contents.records);
  await offsetsCommitted(groupId, [7, undefined]);
});

test('an abort leaves neither records nor offsets, and the next transaction succeeds', async () => {
  const topic = await createChangelog(connection);
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
  const topic = await createChangelog(connection);
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

/** A member that is not polled for 10 s leaves its group. */
const latePolls = { 'max.poll.interval.ms': 10_000 };
const protocols = {
  classic: { former: { ...latePolls, 'session.timeout.ms': 10_000 }, owner: { 'session.timeout.ms': 45_000 } },
  consumer: { former: { ...latePolls, 'group.protocol': 'consumer' }, owner: { 'group.protocol': 'consumer' } },
} as const;

test.each(Object.entries(protocols))(
  'the offsets of a member that the group has given up are refused (%s protocol)',
  async (_, properties) => {
    const topic = await createChangelog(connection);
    const groupId = `transactions-${randomUUID()}`;
    const it = await producer({ connection, topic, transactionalId: `${groupId}-former` });
    // It answers its assignment, but not the revocation, so the group waits for it in vain.
    const former = await joinedMember(groupId, {
      properties: properties.former,
      onRebalance: (event, consumer) => {
        if (event.type === 'assign') answerRebalance(event, consumer);
      },
    });
    // Polled until its offsets are committed: a slow machine does not end its membership before.
    const poll = (): boolean => former.consumer.consumeBatch(0, 1) === 0;
    const rows = keyedRows([[0, 'word', 1]]);
    it.begin();
    it.produce(rows.bytes, rows.rows, 0, 1);
    await until(it, () => poll() && it.sendOffsets(former.consumer, [{ partition: 0, offset: 5 }]));
    await until(it, () => poll() && it.commit());

    const owner = member({ connection, topic: source, groupId, properties: properties.owner });
    onTestFinished(() => owner.consumer.close(2_000).then(() => undefined));
    owner.consumer.connect();
    owner.consumer.subscribe();
    const owned = (): number => owner.events.flatMap(({ partitions }) => partitions).length;
    await owner.read(() => owned() === 2, { timeoutMs: 60_000 });
    it.begin();
    it.produce(rows.bytes, rows.rows, 0, 1);
    const offsets = [{ partition: 0, offset: 6 }];
    await expect(until(it, () => it.sendOffsets(former.consumer, offsets))).rejects.toMatchObject({ outcome: 'abort' });
    await until(it, () => it.abort());
    expect((await changelogContents(connection, topic, 2)).records).toEqual(['0 0 word=1']);
    expect(await committedOffsets(groupId)).toEqual([5, undefined]);
    // The producer can be used again, for the owner.
    it.begin();
    await until(it, () => it.sendOffsets(owner.consumer, offsets));
    await until(it, () => it.commit());
    await offsetsCommitted(groupId, [6, undefined]);
  },
);

test('offsets of a consumer that is in no group are refused', async () => {
  const topic = await createChangelog(connection);
  const groupId = `transactions-${randomUUID()}`;
  // The coordinator would accept them from any process: the group is empty.
  const { consumer } = member({ connection, topic: source, groupId });
  onTestFinished(() => consumer.close(2_000).then(() => undefined));
  consumer.connect();
  const it = await producer({ connection, topic, transactionalId: groupId });
  it.begin();
  const send = (): boolean => it.sendOffsets(consumer, [{ partition: 0, offset: 3 }]);
  await expect(until(it, send)).rejects.toMatchObject({ outcome: 'abort' });
  await until(it, () => it.abort());
  expect(await committedOffsets(groupId)).toEqual([undefined, undefined]);
});

test('paused brokers block no call, and a terminated thread leaves its transaction', async () => {
  await withBrokers(async (brokers) => {
    ({ connection } = brokers);
    await createTopic(connection, source);
    const topic = await createChangelog(connection);
    const groupId = `transactions-${randomUUID()}`;
    const { consumer } = await joinedMember(groupId);
    const it = await producer({ connection, topic, transactionalId: groupId });
    const rows = keyedRows([[0, 'word', 1]]);
    const whilePaused = async (step: () => boolean): Promise<void> => {
      for (const { nodeId } of brokers.nodes) brokers.pause(nodeId);
      // A call that waited for a broker would not return.
      for (let calls = 0; calls < 100; calls += 1) {
        expect(step()).toBe(false);
        await sleep(1);
        it.poll();
      }
      for (const { nodeId } of brokers.nodes) brokers.resume(nodeId);
      await until(it, step);
    };
    const send = (offset: number) => (): boolean => it.sendOffsets(consumer, [{ partition: 0, offset }]);
    it.begin();
    it.produce(rows.bytes, rows.rows, 0, 1);
    await whilePaused(send(1));
    await whilePaused(() => it.commit());
    it.begin();
    it.produce(rows.bytes, rows.rows, 0, 1);
    // The coordinator has to know of the transaction.
    await until(it, () => it.queued === 0);
    await whilePaused(() => it.abort());
    expect((await changelogContents(connection, topic, 2)).records).toEqual(['0 0 word=1']);
    await offsetsCommitted(groupId, [1, undefined]);

    const { bootstrapServers } = connection;
    const workerData = { bootstrapServers, topic, transactionalId: groupId, ...rows };
    const worker = new Worker(new URL('../fixtures/kafka/open-transaction.js', import.meta.url), { workerData });
    await once(worker, 'message');
    for (const { nodeId } of brokers.nodes) brokers.pause(nodeId);
    worker.postMessage('commit');
    await once(worker, 'message');
    // It does not wait for the brokers, which would be for ever.
    await worker.terminate();
    for (const { nodeId } of brokers.nodes) brokers.resume(nodeId);
    const next = await producer({ connection, topic, transactionalId: groupId });
    next.begin();
    next.produce(rows.bytes, rows.rows, 0, 1);
    await until(next, () => next.commit());
    const { records } = await changelogContents(connection, topic, 2);
    // The commit may have reached the brokers.
    expect([2, 3]).toContain(records.length);
  });
});
