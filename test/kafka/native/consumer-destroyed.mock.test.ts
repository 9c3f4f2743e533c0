import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { createConsumer } from '../../../src/kafka/native/consumer-callbacks.ts';
import { startMockCluster, type MockCluster } from '../../../src/kafka/native/mock-cluster.ts';
import type { NativeConsumer } from '../../../src/kafka/native/native-client.ts';
import { processFigures } from '../../../src/stress/process-figures.ts';
import { eventually } from '../../support/eventually.ts';
import { mockConnection } from './test-group.ts';

const topic = 'destroyed';
/** Api keys of the Kafka protocol. */
const leaveGroup = 13;

let cluster: MockCluster;
let before: number;
beforeAll(async () => {
  cluster = await startMockCluster(1);
  cluster.createTopic(topic, 4);
  // The cluster's own client starts its threads in the background.
  await sleep(1_000);
});
beforeEach(() => {
  before = clientThreads();
});
afterAll(async () => {
  await cluster.close();
});

/** librdkafka's, of all clients in this process. */
const clientThreads = (): number => processFigures()?.rdkThreads ?? NaN;

const strategies = ['range', 'cooperative-sticky'] as const;
type Strategy = (typeof strategies)[number];

let groups = 0;
/** A connected client that has received its assignment. */
async function assignedConsumer(strategy: Strategy, answers: boolean): Promise<NativeConsumer> {
  let isAssigned = false;
  const native = createConsumer(
    {
      connection: mockConnection(cluster.bootstrapServers),
      groupId: `destroyed-${(groups += 1)}`,
      clientId: 'destroyed',
      topic,
      properties: { 'partition.assignment.strategy': strategy, 'session.timeout.ms': 60_000 },
      onRebalance: ({ partitions }) => {
        isAssigned = true;
        if (!answers) return;
        const taken = partitions.map((partition) => ({ topic, partition }));
        if (strategy === 'range') native.assign(taken);
        else native.incrementalAssign(taken);
      },
      onError: () => undefined,
    },
    () => true,
  );
  native.connectSync();
  native.subscribe([topic]);
  const [values, rows] = [new Uint8Array(1_000), new Float64Array(100)];
  await eventually('partitions are assigned', () => native.consumeBatch(values, rows, 10, 1) < 0 || isAssigned);
  expect(clientThreads()).toBeGreaterThan(before);
  return native;
}

async function destroyed(native: NativeConsumer): Promise<void> {
  native.destroySync();
  await eventually('its threads are gone', () => clientThreads() <= before, 15_000);
}

describe.each(strategies)('a client (%s) that is destroyed ends with all its threads', (strategy) => {
  test('with nothing outstanding', async () => {
    await destroyed(await assignedConsumer(strategy, true));
  });

  test('while its assignment waits for an answer', async () => {
    await destroyed(await assignedConsumer(strategy, false));
  });

  test.each([0, 1, 10, 100])('while its close waits for the answer to a revocation, since %i ms', async (sinceMs) => {
    const native = await assignedConsumer(strategy, true);
    native.closeStart();
    // No thread polls for the revocation that the close causes.
    await sleep(sinceMs);
    await destroyed(native);
  });

  // It continued to send heartbeats for its session timeout, so no member took over its partitions.
  test('while a commit waits for a coordinator', async () => {
    const native = await assignedConsumer(strategy, true);
    cluster.setBrokerUp(1, false);
    try {
      await sleep(500);
      expect(native.commit([{ topic, partition: 0, offset: 1 }])).toBe(0);
      await sleep(200);
      native.destroySync();
      // The mock cluster's own client starts a thread for the broker that is down, but stays one
      // client.
      await eventually('the client is gone', () => processFigures()?.clients === 1, 15_000);
    } finally {
      cluster.setBrokerUp(1, true);
    }
  });

  test('while its close waits for the response to its leaving', async () => {
    const native = await assignedConsumer(strategy, true);
    cluster.trackRequests();
    cluster.setRoundTripMs(1, 60_000);
    try {
      native.closeStart();
      await eventually('leaving', () => !native.closePoll(10) && cluster.requests().includes(leaveGroup));
      await destroyed(native);
    } finally {
      cluster.setRoundTripMs(1, 0);
    }
  });
});
