import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { Worker } from 'node:worker_threads';
import { expect, test } from 'vitest';
import type { Connection } from '../../src/config/connection.ts';
import { Admin } from '../../src/kafka/kafkajs/admin.ts';
import { nativeClientFile } from '../../src/kafka/native/native-client.ts';
import { fillTopic, member } from '../kafka/native/test-group.ts';
import { sharedBrokers, withBrokers } from '../support/brokers.ts';

const bindingFile = nativeClientFile();
const timeoutMs = 20_000;
const fixture = (name: string): URL => new URL(`../fixtures/kafka/${name}`, import.meta.url);

/**
 * Longest time of a call that does not hang. A hang lasts for ever, or until socket.timeout.ms (60 s)
 * ends it. A slow machine may take seconds, and so may jobs of other threads in libuv's pool:
 * test/kafka/native/threads.mock.test.ts.
 */
const hangMs = 5_000;

async function filledTopic(connection: Connection, topic: string): Promise<string> {
  const admin = await Admin.connect(connection, { timeoutMs });
  await admin.createTopic({ topic, partitions: 4, replicationFactor: 2 });
  await admin.close();
  const values = Array.from({ length: 10_000 }, () => new Uint8Array(66).fill(97));
  await fillTopic(connection, topic, [values, values, values, values]);
  return topic;
}

test('threads that are terminated at random times on real brokers never end the process', async () => {
  const connection = await sharedBrokers();
  const seed = Number(process.env['STORM_SEED'] ?? Date.now() % 1_000_000);
  const rounds = Math.ceil(Number(process.env['STORM_ROUNDS'] ?? 500) / 4);
  const topic = await filledTopic(connection, `storm-${seed}`);
  await filledTopic(connection, 'storm-output');
  console.log(`STORM_SEED=${seed} rounds=${rounds}`);
  const { bootstrapServers } = connection;
  const ours = ['member', 'closing', 'mute', 'producing', 'transacting', 'readingKeyed', 'exiting'];
  const ways = [...ours, 'asyncConsume', 'asyncDisconnect'];
  const options = { bindingFile, bootstrapServers, topic, rounds, seed, ways, slots: 4, lifeMsMax: 2_000 };
  const args = ['--expose-gc', fixture('storm.js').pathname, JSON.stringify(options)];
  const { stdout } = await promisify(execFile)(process.execPath, args, { timeout: 280_000, killSignal: 'SIGKILL' });
  console.log(stdout.trim());
  const { excessMsMax } = JSON.parse(stdout) as { excessMsMax: Record<string, number> };
  for (const [way, excessMs] of Object.entries(excessMsMax)) expect(excessMs, way).toBeLessThan(hangMs);
});

test('paused brokers delay neither terminate() nor close()', async () => {
  await withBrokers(async (brokers) => {
    const { connection, nodes } = brokers;
    const topic = await filledTopic(connection, 'still');
    // A call that waited for the end of a session would take longer than `hangMs`.
    const sessionTimeoutMs = 60_000;
    const workers = await Promise.all(
      [0, 1].map(async (index) => {
        const { bootstrapServers } = connection;
        const group = { groupId: `still-${index}`, clientId: `still-${index}`, sessionTimeoutMs };
        const workerData = { bindingFile, bootstrapServers, topic, ...group, way: 'member', closeAfterMs: 0 };
        const worker = new Worker(fixture('storm-worker.js'), { workerData });
        await once(worker, 'message');
        return worker;
      }),
    );
    const properties = { 'session.timeout.ms': sessionTimeoutMs };
    const closing = member({ connection, topic, groupId: 'still-closing', properties });
    closing.consumer.connect();
    closing.consumer.subscribe();
    await closing.read(({ length }) => length > 0);
    for (const { nodeId } of nodes) brokers.pause(nodeId);
    // Commits are on their way now, and will not be answered.
    closing.consumer.commit([{ partition: 0, offset: 1 }]);
    await sleep(300);
    for (const worker of workers) {
      const startMs = performance.now();
      await worker.terminate();
      expect(performance.now() - startMs).toBeLessThan(hangMs);
    }
    const startMs = performance.now();
    expect(await closing.consumer.close(500)).toBe(false);
    expect(performance.now() - startMs).toBeLessThan(hangMs);
    for (const { nodeId } of nodes) brokers.resume(nodeId);
  });
});
