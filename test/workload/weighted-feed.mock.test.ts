import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Connection } from '../../src/config/connection.ts';
import { startMockCluster, type MockCluster } from '../../src/kafka/native/mock-cluster.ts';
import { bookLines } from '../../src/workload/book.ts';
import { WeightedFeed } from '../../src/workload/weighted-feed.ts';
import { member, mockConnection, type ReadRecord } from '../kafka/native/test-group.ts';
import { eventually } from '../support/eventually.ts';

const partitions = 3;
const timeoutMs = 30_000;

let cluster: MockCluster;
let connection: Connection;
beforeAll(async () => {
  cluster = await startMockCluster(1);
  connection = mockConnection(cluster.bootstrapServers);
});
afterAll(async () => {
  await cluster.close();
});

/** Runs a feed on a new topic, ends it, and reads the topic back. */
async function feedTopic(
  topic: string,
  use: (feed: WeightedFeed, delivered: readonly (readonly number[])[]) => Promise<void>,
): Promise<{ readonly feed: WeightedFeed; readonly delivered: number[][]; readonly records: ReadRecord[] }> {
  cluster.createTopic(topic, partitions);
  const delivered: number[][] = [];
  const feed = new WeightedFeed({
    ...{ connection, topic, partitions, rate: 2_000, tokenizer: 'unicode' },
    onDelivered: (perPartition) => delivered.push([...perPartition]),
  });
  await feed.start(timeoutMs);
  await use(feed, delivered);
  await feed.end();
  feed.close();
  const reader = member({ connection, topic, groupId: `reads ${topic}` });
  reader.consumer.connect();
  reader.consumer.assign([0, 1, 2].map((partition) => ({ partition, offset: 0 })));
  const records = await reader.read(({ length }) => length >= feed.records, { timeoutMs });
  await reader.consumer.close(1_000);
  return { feed, delivered, records };
}

function valuesOf(records: readonly ReadRecord[], partition: number): (string | null)[] {
  return records
    .filter((record) => record.partition === partition)
    .sort((one, other) => one.offset - other.offset)
    .map(({ value }) => (value === null ? null : Buffer.from(value).toString()));
}

test('a partition receives the lines of the book that are its turn, in their order', async () => {
  const { feed, records } = await feedTopic('lines', (running) =>
    eventually('records are sent', () => running.records >= 300, timeoutMs),
  );
  const { bytes, ends } = bookLines();
  for (let partition = 0; partition < partitions; partition += 1) {
    const values = valuesOf(records, partition);
    expect(values).toHaveLength(feed.ofBook[partition] ?? NaN);
    expect(values).toEqual(
      values.map((_, record) => {
        const line = (record * partitions + partition) % ends.length;
        return Buffer.from(bytes.subarray(line === 0 ? 0 : ends[line - 1], ends[line])).toString();
      }),
    );
  }
});

test('a partition with weight 0 receives nothing, and the others receive their shares', async () => {
  let sharesBefore: readonly number[] = [];
  const { feed } = await feedTopic('shares', async (running) => {
    running.share([3, 0, 1]);
    sharesBefore = [...running.perPartition];
    await eventually('records are sent', () => running.records >= 400, timeoutMs);
  });
  const [most = 0, none, least = 0] = feed.perPartition.map((count, index) => count - (sharesBefore[index] ?? 0));
  expect(none).toBe(0);
  // Both partitions receive whole records, and owe less than one after each slice.
  expect(Math.abs(most - 3 * least)).toBeLessThanOrEqual(4);
});

test('inserted records are counted apart from the book, and arrive between its lines', async () => {
  const inserted = [Buffer.from('Eins zwei zwei'), null, Buffer.alloc(0)];
  const { feed, records } = await feedTopic('inserted', (running) => running.insert(1, inserted));
  expect(valuesOf(records, 1).filter((value) => value === null)).toHaveLength(1);
  expect(valuesOf(records, 1)).toContain('Eins zwei zwei');
  expect(Object.fromEntries(feed.extra.counts)).toEqual({ eins: 1, zwei: 2 });
  expect(feed.extra.records).toBe(3);
  expect(feed.perPartition[1]).toBe((feed.ofBook[1] ?? NaN) + 3);
  expect(records).toHaveLength(feed.records);
});

test('delivery is reported for complete prefixes only, and for all records at the end', async () => {
  const { feed, delivered } = await feedTopic('delivered', (_running, reported) =>
    eventually('delivery is reported twice', () => reported.length >= 2, timeoutMs),
  );
  expect(delivered.at(-1)).toEqual(feed.perPartition);
  for (const [index, counts] of delivered.entries()) {
    const before = delivered[index - 1] ?? [0, 0, 0];
    expect(counts.every((count, partition) => count >= (before[partition] ?? 0))).toBe(true);
  }
});

test('records of other producers and deleted records are kept apart from its own', async () => {
  const { feed, records } = await feedTopic('others', (running) => {
    running.added(4, [Buffer.from('fremd'), Buffer.from('fremd')]);
    running.deleted(new Map([['weg', 2]]));
    running.deleted(new Map([['weg', 1]]));
    return Promise.resolve();
  });
  expect(records).toHaveLength(feed.records);
  expect(feed.recordsByPartition).toEqual([...feed.perPartition, 0, 2]);
  expect(feed.extra.counts.get('fremd')).toBe(2);
  expect(feed.wordsDeleted.get('weg')).toBe(3);
  expect(feed.certain).toBe(true);
  feed.lostTrack();
  expect(feed.certain).toBe(false);
});

test('the wait for records in flight ends with its signal', async () => {
  const own = await startMockCluster(1);
  own.createTopic('unreachable', partitions);
  const feed = new WeightedFeed({
    ...{ connection: mockConnection(own.bootstrapServers), topic: 'unreachable', partitions },
    ...{ rate: 2_000, tokenizer: 'unicode' },
  });
  await feed.start(timeoutMs);
  own.setBrokerUp(1, false);
  const sentBefore = feed.records;
  await eventually('more records are sent', () => feed.records > sentBefore + 100, timeoutMs);
  const interrupted = new AbortController();
  const ended = feed.end(interrupted.signal);
  interrupted.abort();
  await expect(ended).rejects.toThrow(/aborted/);
  await expect(feed.end(interrupted.signal)).rejects.toThrow(/aborted/);
  feed.close();
  await own.close();
});
