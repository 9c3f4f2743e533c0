import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Connection } from '../../../src/config/connection.ts';
import { startMockCluster, type MockCluster } from '../../../src/kafka/native/mock-cluster.ts';
import { mockConnection } from './test-group.ts';
import { keyedRows, producer, until } from './test-transactions.ts';

const initProducerId = 22;
const endTransaction = 26;

let cluster: MockCluster;
let connection: Connection;
beforeAll(async () => {
  cluster = await startMockCluster(1);
  connection = mockConnection(cluster.bootstrapServers);
  cluster.createTopic('changelog', 1);
});
afterAll(async () => {
  await cluster.close();
});

const count = (apiKey: number): number => cluster.requests().filter((key) => key === apiKey).length;

test.each(['commit', 'abort'] as const)(
  'a %s that was requested twice gets a new epoch, which shuts out the request without a response',
  async (end) => {
    const it = await producer({
      connection,
      topic: 'changelog',
      transactionalId: `unanswered-${end}`,
      properties: { 'socket.timeout.ms': 500, 'reconnect.backoff.max.ms': 100 },
    });
    const rows = keyedRows([[0, 'word', 1]]);
    const transaction = async (): Promise<void> => {
      it.begin();
      it.produce(rows.bytes, rows.rows, 0, 1);
      await until(it, () => it.queued === 0);
    };
    const answered = async (): Promise<readonly number[]> => {
      cluster.trackRequests();
      await transaction();
      await until(it, () => it[end]());
      return [count(endTransaction), count(initProducerId)];
    };
    // A busy machine may receive the response too late, and request the end again.
    await expect.poll(answered, { timeout: 60_000 }).toEqual([1, 0]);

    // A busy machine may notice the missing response too late.
    for (let waitMs = 1_500; ; waitMs *= 2) {
      await transaction();
      cluster.trackRequests();
      cluster.setRoundTripMs(1, 60_000);
      await until(it, () => {
        expect(it[end]()).toBe(false);
        return count(endTransaction) === 1;
      });
      await sleep(waitMs);
      cluster.setRoundTripMs(1, 0);
      await until(it, () => it[end]());
      if (count(endTransaction) > 1) break;
      expect(count(initProducerId)).toBe(0);
    }
    // At least once: a busy machine may receive these responses too late as well.
    expect(count(initProducerId)).toBeGreaterThan(0);
    await transaction();
    await until(it, () => it.commit());
  },
);
