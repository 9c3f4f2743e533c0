import { describe, expect, test } from 'vitest';
import type { Connection } from '../../src/config/connection.ts';
import { readTopicRange, type TopicRange } from '../../src/kafka/kafkajs/topic-range.ts';
import { sharedBrokers } from '../support/brokers.ts';
import { emptyTopic } from '../support/empty-topic.ts';
import { eventually } from '../support/eventually.ts';
import { testCluster } from '../support/test-cluster.ts';
import { produceTransactions, type Transaction } from '../support/transactions.ts';
import { handovers } from '../support/protocols.ts';

const committed = (partition: number, ...values: string[]): Transaction => ({
  partition,
  values,
  outcome: 'committed',
});
const aborted = (partition: number, ...values: string[]): Transaction => ({ partition, values, outcome: 'aborted' });

/**
 * Markers last, in the middle, alone; aborted records first, in the middle, last, alone; nothing at
 * all.
 */
const transactions: readonly Transaction[] = [
  committed(0, 'one two', 'two'),
  committed(0, 'two'),
  aborted(1, 'never', 'never'),
  committed(1, 'three'),
  aborted(1, 'never'),
  committed(1, 'three four'),
  aborted(1, 'never'),
  aborted(1, 'never'),
  aborted(2, 'never'),
];
const expected = new Map([
  ['one', 1],
  ['two', 3],
  ['three', 2],
  ['four', 1],
]);

/**
 * A commit is answered before its markers are written: until then the topic ends before its
 * records.
 */
async function rangeTo(connection: Connection, topic: string, endOffsets: readonly number[]): Promise<TopicRange> {
  let range = await readTopicRange(connection, topic, 60_000);
  await eventually('the markers are written', async () => {
    range = await readTopicRange(connection, topic, 60_000);
    return range.endOffsets.every((endOffset, partition) => endOffset === endOffsets[partition]);
  });
  return range;
}

describe.each(handovers)('under %s', (_, protocol) => {
  test('a topic whose last offsets hold no records is counted to its end', async () => {
    const connection = await sharedBrokers();
    const topic = await emptyTopic(connection, 4);
    await produceTransactions(connection, topic, transactions);
    const range = await rangeTo(connection, topic, [5, 13, 2, 0]);
    const { supervisor } = testCluster({ connection, ...range }, protocol);
    supervisor.addMember();
    supervisor.addMember();
    supervisor.openGate();
    await supervisor.waitReached({ timeoutMs: 20_000 });
    await supervisor.stop('drain');
    expect(supervisor.counts()).toEqual(expected);
    expect(supervisor.snapshot().records).toBe(5);
    expect(supervisor.snapshot().partitions.map(({ nextOffset }) => nextOffset)).toEqual(range.endOffsets);
  });
});

test('reaches an end offset between a marker and later records, and counts nothing beyond it', async () => {
  const connection = await sharedBrokers();
  const topic = await emptyTopic(connection, 1);
  await produceTransactions(connection, topic, [committed(0, 'early')]);
  const range = await rangeTo(connection, topic, [2]);
  await produceTransactions(connection, topic, [committed(0, 'late')]);
  const { supervisor } = testCluster({ connection, ...range });
  supervisor.addMember();
  supervisor.openGate();
  await supervisor.waitReached({ timeoutMs: 20_000 });
  await supervisor.stop('drain');
  expect(supervisor.counts()).toEqual(new Map([['early', 1]]));
  expect(supervisor.snapshot().partitions[0]?.nextOffset).toBe(2);
});

test('passes markers that arrive while the group waits at the end', async () => {
  const connection = await sharedBrokers();
  const topic = await emptyTopic(connection, 1);
  const { supervisor } = testCluster({ connection, topic, beginOffsets: [0], endOffsets: [6] });
  supervisor.addMember();
  supervisor.openGate();
  for (const transaction of [committed(0, 'one'), aborted(0, 'never'), committed(0, 'two')]) {
    await produceTransactions(connection, topic, [transaction]);
  }
  await supervisor.waitReached({ timeoutMs: 20_000 });
  await supervisor.stop('drain');
  expect(supervisor.counts()).toEqual(
    new Map([
      ['one', 1],
      ['two', 1],
    ]),
  );
});
