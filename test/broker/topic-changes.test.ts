import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Connection } from '../../src/config/connection.ts';
import { Admin } from '../../src/kafka/kafkajs/admin.ts';
import { withOperator } from '../../src/kafka/kafkajs/operator.ts';
import { readTopicRange } from '../../src/kafka/kafkajs/topic-range.ts';
import { sharedBrokers } from '../support/brokers.ts';
import { emptyTopic } from '../support/empty-topic.ts';
import { eventually } from '../support/eventually.ts';
import { testCluster } from '../support/test-cluster.ts';
import { fillTopic } from '../kafka/native/test-group.ts';
import { handovers } from '../support/protocols.ts';

let connection: Connection;
let admin: Admin;
beforeAll(async () => {
  connection = await sharedBrokers();
  admin = await Admin.connect(connection, { timeoutMs: 20_000 });
});
afterAll(() => admin.close());

const words = (word: string, count: number): Uint8Array[] =>
  Array.from({ length: count }, () => new TextEncoder().encode(word));
const settle = { timeoutMs: 30_000 };

describe.each(handovers)('under %s', (_, protocol) => {
  test('partitions that are added while the group runs are counted from their first record', async () => {
    const topic = await emptyTopic(connection, 2);
    const { supervisor } = testCluster({ connection, topic, beginOffsets: [0, 0] }, protocol);
    supervisor.addMember();
    supervisor.addMember();
    await supervisor.waitSettled(settle);
    supervisor.openGate();
    await fillTopic(connection, topic, [words('old', 10), words('old', 10)]);
    await withOperator(connection, 60_000, (operator) => operator.addPartitions(topic, 4));
    await fillTopic(connection, topic, [words('more', 1), [], words('new', 5), words('new', 7)]);
    await supervisor.waitReached({ timeoutMs: 30_000, endOffsets: [11, 10, 5, 7] });
    await supervisor.waitSettled(settle);
    supervisor.addMember();
    await supervisor.waitSettled(settle);
    await supervisor.stop('drain');
    expect(supervisor.counts()).toEqual(
      new Map([
        ['old', 20],
        ['more', 1],
        ['new', 12],
      ]),
    );
  });

  test('exactly the records that were deleted before they were counted are missing and reported', async () => {
    const topic = await emptyTopic(connection, 2);
    await fillTopic(connection, topic, [words('first', 500), words('other', 300)]);
    const range = await readTopicRange(connection, topic, 60_000);
    const { supervisor, events } = testCluster({ connection, ...range }, protocol, { onTruncation: 'continue' });
    supervisor.addMember();
    await supervisor.waitSettled(settle);
    await admin.deleteRecords(topic, [{ partition: 0, offset: 123 }]);
    supervisor.openGate();
    await supervisor.waitReached(settle);
    await supervisor.stop('drain');
    expect(supervisor.counts()).toEqual(
      new Map([
        ['first', 377],
        ['other', 300],
      ]),
    );
    const lost = { partition: 0, firstOffset: 0, lastOffset: 122 };
    expect(supervisor.snapshot().lost).toEqual([lost]);
    expect(events.filter(({ type }) => type === 'recordsLost')).toEqual([
      { type: 'recordsLost', memberId: 0, ...lost },
    ]);
  });

  test('recreating a topic ends the count before a record of the new topic is in the tables', async () => {
    const topic = await emptyTopic(connection, 2);
    await fillTopic(connection, topic, [words('old', 20), []]);
    const { supervisor } = testCluster({ connection, topic, beginOffsets: [0, 0] }, protocol);
    supervisor.addMember();
    supervisor.addMember();
    supervisor.openGate();
    await eventually('the old one is counted', () => supervisor.snapshot().records === 20, 20_000);
    await admin.deleteTopic(topic);
    await admin.createTopic({ topic, partitions: 2, replicationFactor: 2 });
    await fillTopic(connection, topic, [words('new', 100), words('new', 100)]);
    await eventually('the group has stopped', () => supervisor.failed.aborted, 20_000);
    await supervisor.stop('kill');
    expect(supervisor.counts()).toEqual(new Map([['old', 20]]));
    expect(String(supervisor.failed.reason)).toMatch(/was deleted/);
  });
});

test('records deleted before they were counted end the count, unless --on-truncation is continue', async () => {
  const topic = await emptyTopic(connection, 1);
  await fillTopic(connection, topic, [words('gone', 50)]);
  const range = await readTopicRange(connection, topic, 60_000);
  const { supervisor } = testCluster({ connection, ...range });
  supervisor.addMember();
  await supervisor.waitSettled(settle);
  await admin.deleteRecords(topic, [{ partition: 0, offset: 50 }]);
  supervisor.openGate();
  await expect(supervisor.waitReached(settle)).rejects.toThrow(/partition 0: records 0 to 49 were deleted/);
  expect(supervisor.failed.aborted).toBe(true);
});

test('recreating a topic ends the count, and no counts of both topics are mixed', async () => {
  const topic = await emptyTopic(connection, 1);
  await fillTopic(connection, topic, [words('old', 20)]);
  const range = await readTopicRange(connection, topic, 60_000);
  const { supervisor } = testCluster({ connection, ...range, endOffsets: [40] }, {}, { topicId: range.topicId ?? '' });
  supervisor.addMember();
  supervisor.openGate();
  await eventually('the old one is counted', () => supervisor.snapshot().records === 20, 20_000);
  await admin.deleteTopic(topic);
  await admin.createTopic({ topic, partitions: 1, replicationFactor: 2 });
  await fillTopic(connection, topic, [words('new', 100)]);
  await expect(supervisor.waitReached(settle)).rejects.toThrow(/was deleted/);
});

test('detects a topic that was recreated between the reading of its offsets and the start of the count', async () => {
  const topic = await emptyTopic(connection, 1);
  await fillTopic(connection, topic, [words('old', 20)]);
  const range = await readTopicRange(connection, topic, 60_000);
  await admin.deleteTopic(topic);
  await admin.createTopic({ topic, partitions: 1, replicationFactor: 2 });
  await fillTopic(connection, topic, [words('new', 100)]);
  const { supervisor } = testCluster({ connection, ...range }, {}, { topicId: range.topicId ?? '' });
  supervisor.addMember();
  supervisor.openGate();
  await expect(supervisor.waitReached(settle)).rejects.toThrow(/recreated/);
});

test('committed offsets that another tool resets change nothing', async () => {
  const topic = await emptyTopic(connection, 1);
  await fillTopic(connection, topic, [words('word', 2_000)]);
  const range = await readTopicRange(connection, topic, 60_000);
  const groupId = `test-${topic}`;
  const { supervisor } = testCluster({ connection, ...range }, { groupId, workUs: 500 });
  const first = supervisor.addMember();
  supervisor.openGate();
  await eventually('some are counted', () => supervisor.snapshot().records > 200, 20_000);
  await supervisor.drainMember(first);
  await withOperator(connection, 60_000, (operator) => operator.resetCommittedOffsets(groupId, topic, [0]));
  supervisor.addMember();
  await supervisor.waitReached(settle);
  await supervisor.stop('drain');
  expect(supervisor.counts()).toEqual(new Map([['word', 2_000]]));
});
