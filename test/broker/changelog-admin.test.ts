import { randomUUID } from 'node:crypto';
import { Kafka, Partitioners, type Producer, type Transaction } from 'kafkajs';
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import { groupDefaults } from '../../src/config/group.ts';
import type { Connection } from '../../src/config/connection.ts';
import { Admin } from '../../src/kafka/kafkajs/admin.ts';
import { ChangelogAdmin } from '../../src/kafka/kafkajs/changelog-admin.ts';
import { ensureChangelogTopic } from '../../src/kafka/kafkajs/changelog-topic.ts';
import { kafkajsConfig } from '../../src/kafka/kafkajs/config.ts';
import { withOperator } from '../../src/kafka/kafkajs/operator.ts';
import { transactionalIdOf } from '../../src/kafka/transactional-id.ts';
import { sharedBrokers, withBrokers } from '../support/brokers.ts';
import { emptyTopic } from '../support/empty-topic.ts';
import { eventually } from '../support/eventually.ts';
import { testCluster } from '../support/test-cluster.ts';

const timeoutMs = 20_000;
let connection: Connection;
let admin: Admin;
let changelogAdmin: ChangelogAdmin;

beforeAll(async () => {
  connection = await sharedBrokers();
  admin = await Admin.connect(connection, { timeoutMs });
  changelogAdmin = new ChangelogAdmin(connection, timeoutMs);
});
afterAll(async () => {
  await Promise.all([admin.close(), changelogAdmin.close()]);
});

const newName = (): string => `changelog-${randomUUID().slice(0, 8)}`;

/** An open transaction with one record in partition 0. */
async function openTransaction(topic: string, transactionalId: string, at = connection): Promise<Transaction> {
  const producer = transactionalProducer(transactionalId, at);
  await producer.connect();
  onTestFinished(() => producer.disconnect());
  const transaction = await producer.transaction();
  await transaction.send({ topic, messages: [{ partition: 0, key: 'word', value: Buffer.alloc(8) }] });
  return transaction;
}

function transactionalProducer(transactionalId: string, at: Connection): Producer {
  const options = { clientId: 'test-transactions', requestTimeoutMs: 10_000, connectionTimeoutMs: 3_000 };
  const kafka = new Kafka({ ...kafkajsConfig(at, options), retry: { retries: 10 } });
  const createPartitioner = Partitioners.DefaultPartitioner;
  return kafka.producer({ transactionalId, maxInFlightRequests: 1, idempotent: true, createPartitioner });
}

/** Whether an open transaction holds back readers of partition 0. */
async function isHeldBack(topic: string): Promise<boolean> {
  const [first] = await admin.offsets(topic);
  return first !== undefined && first.endOffset < first.highWatermark;
}

test('the changelog is compacted, and has the partitions, replicas and limits of the counted topic', async () => {
  const [source, topic] = [newName(), newName()];
  const config = { 'min.insync.replicas': '2', 'retention.ms': '60000' };
  await admin.createTopic({ topic: source, partitions: 3, replicationFactor: 2, config });
  // Several processes start at the same time.
  const options = { topic, source, partitions: 3, timeoutMs };
  await Promise.all([1, 2, 3].map(() => ensureChangelogTopic(connection, options)));
  const { partitions } = (await admin.topic(topic)) ?? { partitions: [] };
  expect(partitions.map(({ replicas }) => replicas.length)).toEqual([2, 2, 2]);
  const own = (await admin.topicSettings(topic)).filter(({ source: setBy }) => setBy === 'topic');
  expect(Object.fromEntries(own.map(({ name, value }) => [name, value]))).toEqual({
    'cleanup.policy': 'compact',
    'min.insync.replicas': '2',
    'segment.bytes': '67108864',
    'min.compaction.lag.ms': '60000',
  });
  await withOperator(connection, timeoutMs, (operator) => operator.addPartitions(source, 5));
  await Promise.all([1, 2].map(() => ensureChangelogTopic(connection, { ...options, partitions: 5 })));
  expect((await admin.topic(topic))?.partitions).toHaveLength(5);
  await expect(ensureChangelogTopic(connection, options)).rejects.toMatchObject({
    code: 'topicUnavailable',
    message: `topic '${topic}' can't be the changelog of topic '${source}': it has 5 partitions, not 3`,
    hint: 'pass another --group or another --changelog-topic',
  });
});

test.each([{}, { 'cleanup.policy': 'compact,delete' }])(
  'a topic with settings %j is not a changelog',
  async (config) => {
    const [source, topic] = [newName(), newName()];
    await admin.createTopic({ topic: source, partitions: 1, replicationFactor: 1 });
    await admin.createTopic({ topic, partitions: 1, replicationFactor: 1, config });
    await expect(ensureChangelogTopic(connection, { topic, source, partitions: 1, timeoutMs })).rejects.toMatchObject({
      code: 'topicUnavailable',
      message: expect.stringMatching(
        /can't be a changelog: its cleanup.policy is '.*delete', not 'compact'$/,
      ) as string,
      hint: expect.stringContaining('--changelog-topic') as string,
    });
  },
);

test('a group whose id is not a valid topic name needs --changelog-topic', async () => {
  const options = { topic: 'a:b-counts-changelog', source: 't', partitions: 1, timeoutMs };
  await expect(ensureChangelogTopic(connection, options)).rejects.toMatchObject({
    code: 'usage',
    message: "'a:b-counts-changelog' is not a valid topic name (--changelog-topic)",
  });
});

test('ends of the changelog include open transactions, in the order of the partitions', async () => {
  const topic = await emptyTopic(connection, 3);
  const transaction = await openTransaction(topic, newName());
  expect(await changelogAdmin.changelogEnds(topic, [2, 0])).toEqual([0, 1]);
  await transaction.commit();
  // A commit is acknowledged before its marker is written.
  await eventually('the marker is there', async () => (await changelogAdmin.changelogEnds(topic, [0]))[0] === 2);
  await expect(changelogAdmin.changelogEnds(topic, [0, 3])).rejects.toMatchObject({
    code: 'topicUnavailable',
    message: `topic '${topic}' has no partition 3`,
  });
});

test('the open transactions of a group without members are aborted, and those of other groups are not', async () => {
  const group = newName();
  const topic = await emptyTopic(connection, 1);
  const others = [`${group}:0`, `${group}-0-1`, group.slice(0, -1)];
  const idOf = (owner: string): string => transactionalIdOf(owner, `${owner}-0-0123abcd`);
  const open = await Promise.all(others.map((owner) => openTransaction(topic, idOf(owner))));
  const dead = [idOf(group), transactionalIdOf(group, `${group}-12-0123abcd`)];
  const deadOnes = await Promise.all(dead.map((id) => openTransaction(topic, id)));
  const [first, second] = await Promise.all([1, 2].map(() => changelogAdmin.endDeadTransactions(group)));
  expect([...new Set([...(first ?? []), ...(second ?? [])])].sort()).toEqual([...dead].sort());
  // Nothing of a dead owner is left to hold back readers, and it can't commit any more.
  for (const transaction of deadOnes) await expect(transaction.commit()).rejects.toThrow();
  expect(await isHeldBack(topic)).toBe(true);
  for (const transaction of open) await transaction.commit();
  // Less than transaction.timeout.ms (60 s), after which the broker ends what was left open.
  await eventually('the markers are there', async () => !(await isHeldBack(topic)), 30_000);
  expect(await changelogAdmin.endDeadTransactions(group)).toEqual([]);
});

test.each(['classic', 'consumer'] as const)('a live member of a %s group is not fenced', async (groupProtocol) => {
  const [groupId, source, topic] = [newName(), await emptyTopic(connection, 1), await emptyTopic(connection, 1)];
  const { supervisor } = testCluster(
    { connection, topic: source, beginOffsets: [0] },
    { ...groupDefaults, groupId, groupProtocol, sessionTimeoutMs: 45_000 },
  );
  supervisor.addMember();
  await supervisor.waitSettled({ timeoutMs: 30_000 });
  const [member] = (await admin.describeGroup(groupId))?.members ?? [];
  const transactionalId = transactionalIdOf(groupId, member?.clientId ?? '');
  const transaction = await openTransaction(topic, transactionalId);
  expect(await changelogAdmin.endDeadTransactions(groupId)).toEqual([]);
  await transaction.commit();
  await openTransaction(topic, transactionalIdOf(groupId, `${groupId}-7-0123abcd`));
  expect(await changelogAdmin.endDeadTransactions(groupId)).toHaveLength(1);
  const last = await openTransaction(topic, transactionalId);
  await supervisor.stop('drain');
  expect(await changelogAdmin.endDeadTransactions(groupId)).toEqual([transactionalId]);
  expect(await isHeldBack(topic)).toBe(false);
  await expect(last.commit()).rejects.toThrow();
});

test('transactions that a broker coordinates are ended while it hangs, by the one that takes over', async () => {
  await withBrokers(async (brokers) => {
    const own = brokers.connection;
    const [group, topic] = [newName(), await emptyTopic(own, 1)];
    const ids = [0, 1, 2, 3].map((member) => transactionalIdOf(group, `${group}-${member}-0123abcd`));
    for (const id of ids) await openTransaction(topic, id, own);
    // The first bootstrap server: the first that is asked.
    const [hanging = NaN] = brokers.nodes.flatMap(({ nodeId, port }) =>
      own.bootstrapServers.startsWith(`127.0.0.1:${port},`) ? [nodeId] : [],
    );
    brokers.pause(hanging);
    const other = new ChangelogAdmin(own, 60_000);
    expect((await other.endDeadTransactions(group)).sort()).toEqual(ids);
    expect(await other.endDeadTransactions(group)).toEqual([]);
    await other.close();
    brokers.resume(hanging);
  });
});
