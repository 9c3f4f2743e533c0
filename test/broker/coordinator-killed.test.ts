import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, onTestFinished, test } from 'vitest';
import type { Connection } from '../../src/config/connection.ts';
import { Admin } from '../../src/kafka/kafkajs/admin.ts';
import { offsetsPartitionOf } from '../../src/kafka/kafkajs/operator.ts';
import type { BatchConsumer } from '../../src/kafka/native/consumer.ts';
import type { TransactionalProducer } from '../../src/kafka/native/transactional-producer.ts';
import { member } from '../kafka/native/test-group.ts';
import { createChangelog, createTopic, keyedRows, producer, until } from '../kafka/native/test-transactions.ts';
import { withBrokers } from '../support/brokers.ts';

const source = 'source';
const groups = 6;
const rows = keyedRows([
  [0, 'word', 1],
  [1, 'word', 1],
]);

interface Group {
  readonly producer: TransactionalProducer;
  readonly consumer: BatchConsumer;
}

/** Node id of the group's coordinator. */
async function coordinatorOf(connection: Connection, groupId: string): Promise<number | undefined> {
  const admin = await Admin.connect(connection, { timeoutMs: 20_000 });
  const { topic, partition } = offsetsPartitionOf(groupId);
  const leader = (await admin.topic(topic))?.partitions[partition]?.leader;
  await admin.close();
  return leader;
}

async function groupWithProducer(connection: Connection, groupId: string): Promise<Group> {
  // Nothing but the death of the coordinator ends its membership, however slow the machine.
  const it = member({ connection, topic: source, groupId, properties: { 'session.timeout.ms': 45_000 } });
  const { consumer } = it;
  onTestFinished(async () => {
    await consumer.close(2_000);
  });
  consumer.connect();
  consumer.subscribe();
  await it.read(() => it.events.length > 0);
  const topic = await createChangelog(connection);
  return { consumer, producer: await producer({ connection, topic, transactionalId: groupId }) };
}

/** Everything of a transaction before its offsets. */
async function beginTransaction({ producer: it }: Group): Promise<void> {
  it.begin();
  it.produce(rows.bytes, rows.rows, 0, 2);
  await until(it, () => it.queued === 0);
}

async function commitWithOffset({ producer: it, consumer }: Group, offset: number): Promise<void> {
  await until(it, () => it.sendOffsets(consumer, [{ partition: 0, offset }]));
  await until(it, () => it.commit());
}

test('offsets reach the new coordinator when the old one was killed and stays down', async () => {
  await withBrokers(async (brokers) => {
    const { connection } = brokers;
    await createTopic(connection, source);
    const killed = await coordinatorOf(connection, 'any');
    if (killed === undefined) throw new Error('no coordinator');
    const all: Group[] = [];
    while (all.length < groups) {
      const groupId = randomUUID();
      if ((await coordinatorOf(connection, groupId)) === killed) all.push(await groupWithProducer(connection, groupId));
    }
    for (const group of all) {
      await beginTransaction(group);
      await commitWithOffset(group, 1);
    }
    await Promise.all(all.map(beginTransaction));
    await brokers.kill(killed);
    // The producers remove the broker when the metadata no longer lists it.
    await sleep(5_000);
    const ends = await Promise.allSettled(all.map((group) => commitWithOffset(group, 2)));
    expect(ends.map(({ status }) => status)).toEqual(all.map(() => 'fulfilled'));
  });
});
