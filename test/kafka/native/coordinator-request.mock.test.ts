import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, onTestFinished, test } from 'vitest';
import type { BatchConsumer } from '../../../src/kafka/native/consumer.ts';
import { startMockCluster, type MockCluster } from '../../../src/kafka/native/mock-cluster.ts';
import type { TransactionalProducer } from '../../../src/kafka/native/transactional-producer.ts';
import { member, mockConnection } from './test-group.ts';
import { keyedRows, producer, until } from './test-transactions.ts';

const findCoordinator = 10;
const commitOffsets = 28;
const coordinatorNotAvailable = 15;
const notCoordinator = 16;
const offsets = [{ partition: 0, offset: 1 }];

interface Begun {
  readonly cluster: MockCluster;
  readonly producer: TransactionalProducer;
  readonly consumer: BatchConsumer;
}

/** A transaction whose producer has not looked for the group's coordinator yet. */
async function begunTransaction(transactionTimeoutMs: number): Promise<Begun> {
  const cluster = await startMockCluster(1);
  onTestFinished(() => cluster.close());
  const connection = mockConnection(cluster.bootstrapServers);
  for (const topic of ['source', 'changelog']) cluster.createTopic(topic, 1);
  const id = randomUUID();
  const it = await producer({ connection, topic: 'changelog', transactionalId: id, transactionTimeoutMs });
  const joining = member({ connection, topic: 'source', groupId: id });
  const { consumer } = joining;
  onTestFinished(async () => {
    await consumer.close(2_000);
  });
  consumer.connect();
  consumer.subscribe();
  await joining.read(() => joining.events.length > 0);
  const rows = keyedRows([[0, 'word', 1]]);
  it.begin();
  it.produce(rows.bytes, rows.rows, 0, 1);
  await until(it, () => it.queued === 0);
  return { cluster, producer: it, consumer };
}

test('offsets are sent after an error of FindCoordinator that no change of a connection follows', async () => {
  const { cluster, producer: it, consumer } = await begunTransaction(60_000);
  await until(it, () => it.sendOffsets(consumer, offsets));
  await until(it, () => it.commit());
  // The client gives up its first connections meanwhile, and opens others.
  await sleep(1_500);
  it.begin();
  cluster.failRequests(commitOffsets, [notCoordinator]);
  cluster.failRequests(findCoordinator, [notCoordinator, notCoordinator]);
  cluster.trackRequests();
  await until(it, () => it.sendOffsets(consumer, offsets));
  await until(it, () => it.commit());
  // On a busy machine the client may ask again before the response to its last request.
  const requests = cluster.requests().filter((apiKey) => apiKey === findCoordinator).length;
  expect(requests).toBeGreaterThanOrEqual(3);
});

test('offsets whose coordinator is not found within the timeout of the transaction abort it', async () => {
  const { cluster, producer: it, consumer } = await begunTransaction(4_000);
  // Enough for longer than the timeout. All clients use them up, so that the producer then finds
  // the coordinator of its transactions.
  cluster.failRequests(
    findCoordinator,
    Array.from({ length: 35 }, () => coordinatorNotAvailable),
  );
  const sent = until(it, () => it.sendOffsets(consumer, offsets));
  await expect(sent).rejects.toMatchObject({ outcome: 'abort' });
  await until(it, () => it.abort());
  it.begin();
});
