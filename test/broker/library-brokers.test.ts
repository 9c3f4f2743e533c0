import { getEventListeners, once } from 'node:events';
import { existsSync, mkdtempSync, readdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { Kafka, logLevel, type EachMessagePayload } from 'kafkajs';
import { expect, onTestFinished, test, vi } from 'vitest';
import { identify } from '../../src/brokers/process-identity.ts';
import { startBrokers, type Brokers, type KafkaProcess } from '../../src/library/library.ts';
import { eventually } from '../support/eventually.ts';
import { processesWith } from '../support/processes.ts';

const isGone = ({ pid }: Pick<KafkaProcess, 'pid'>): boolean => identify(pid) === undefined;

async function withAdmin<T>(
  { bootstrapServers }: Pick<Brokers, 'bootstrapServers'>,
  action: (admin: ReturnType<Kafka['admin']>) => Promise<T>,
): Promise<T> {
  const admin = new Kafka({ brokers: bootstrapServers.split(','), logLevel: logLevel.NOTHING }).admin();
  await admin.connect();
  try {
    return await action(admin);
  } finally {
    await admin.disconnect();
  }
}

async function brokerIds(brokers: Pick<Brokers, 'bootstrapServers'>): Promise<number[]> {
  return withAdmin(brokers, async (admin) => {
    return (await admin.describeCluster()).brokers.map(({ nodeId }) => nodeId).sort();
  });
}

/** A broker that was stopped for 1.5 s is missing briefly. */
async function seesAll(brokers: Pick<Brokers, 'bootstrapServers'>): Promise<void> {
  await expect.poll(() => brokerIds(brokers), { timeout: 60_000 }).toEqual([1, 2, 3]);
}

test('one broker alone serves topics and groups, and its properties are those of the caller', async () => {
  await using brokers = await startBrokers({ nodes: 1, properties: { 'auto.create.topics.enable': 'true' } });
  expect(brokers.nodes.map(({ nodeId, role }) => `${role} ${nodeId}`)).toEqual(['broker 1', 'controller 2']);
  const kafka = new Kafka({ brokers: brokers.bootstrapServers.split(','), logLevel: logLevel.NOTHING });
  const producer = kafka.producer({ allowAutoTopicCreation: true });
  await producer.connect();
  await producer.send({ topic: 'made-by-itself', messages: [{ value: 'one' }] });
  await producer.disconnect();
  const consumer = kafka.consumer({ groupId: 'g' });
  await consumer.connect();
  await consumer.subscribe({ topics: ['made-by-itself'], fromBeginning: true });
  const value = await new Promise((resolve, reject) => {
    const eachMessage = ({ message }: EachMessagePayload): Promise<void> => {
      resolve(message.value?.toString());
      return Promise.resolve();
    };
    consumer.run({ eachMessage }).catch(reject);
  });
  expect(value).toBe('one');
  await consumer.disconnect();
});

test('three brokers: one is killed, restarted, paused and resumed; stop ends all and removes the folder', async () => {
  const brokers = await startBrokers({ nodes: 3 });
  expect(brokers.bootstrapServers.split(',').length).toBe(3);
  await seesAll(brokers);
  const third = brokers.nodes[2];
  if (third === undefined) throw new Error('no third broker');
  await brokers.kill(3);
  expect(isGone(third)).toBe(true);
  await expect.poll(() => brokerIds(brokers), { timeout: 60_000 }).toEqual([1, 2]);
  await brokers.restart(3);
  await seesAll(brokers);
  brokers.pause(3);
  const alone = { bootstrapServers: `127.0.0.1:${third.port}` };
  const answer = brokerIds(alone);
  brokers.resume(3);
  expect((await answer).length).toBeGreaterThan(0);
  await seesAll(alone);
  await Promise.all([brokers.stop(), brokers.stop()]);
  expect(brokers.nodes.every(isGone)).toBe(true);
  expect(existsSync(brokers.folder)).toBe(false);
  await expect(brokers.restart(1)).rejects.toMatchObject({ code: 'environment' });
  expect(brokers.nodes.every(isGone)).toBe(true);
});

test.each(['at once', 'when the new process runs'])('stop during a restart, %s, leaves no process', async (when) => {
  const brokers = await startBrokers({ nodes: 1 });
  const [old] = brokers.nodes;
  const restarted = expect(brokers.restart(1)).rejects.toMatchObject({ name: 'ClusterError', code: 'environment' });
  if (when !== 'at once') await eventually('the new process runs', () => brokers.nodes[0]?.pid !== old?.pid);
  await brokers.stop();
  await restarted;
  expect(processesWith(brokers.folder)).toEqual([]);
});

test('a folder keeps its data for the next start, and refuses another number of brokers', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'kept-'));
  {
    await using brokers = await startBrokers({ nodes: 1, folder });
    await withAdmin(brokers, (admin) => admin.createTopics({ topics: [{ topic: 'stays' }], waitForLeaders: false }));
  }
  {
    await using brokers = await startBrokers({ nodes: 1, folder });
    expect(await withAdmin(brokers, (admin) => admin.listTopics())).toContain('stays');
  }
  await expect(startBrokers({ folder })).rejects.toMatchObject({
    code: 'environment',
    message: `${folder} holds data of a different number of brokers: controller-2`,
  });
});

test('an aborted start rejects with the reason of the signal and leaves nothing', async () => {
  // Only this test's: other tests start and stop brokers at the same time.
  vi.stubEnv('TMPDIR', mkdtempSync(join(tmpdir(), 'aborted-')));
  onTestFinished(() => {
    vi.unstubAllEnvs();
  });
  const stop = new AbortController();
  const starting = startBrokers({ signal: stop.signal });
  const refused = expect(starting).rejects.toBe('enough');
  await eventually('a process has started', () => processesWith(`-${process.pid}-`).length > 0);
  stop.abort('enough');
  await refused;
  expect(processesWith(`-${process.pid}-`)).toEqual([]);
  expect(readdirSync(join(tmpdir(), `consumer-cluster-${process.getuid?.() ?? 0}`))).toEqual([]);
  expect(getEventListeners(stop.signal, 'abort')).toEqual([]);
});

test.each([
  [{ nodes: 0 }, 'nodes: 0 is not a whole number from 1 to 9'],
  [{ nodes: 1.5 }, 'nodes: 1.5 is not a whole number from 1 to 9'],
  [{ firstPort: 80 }, 'firstPort: 80 is not a whole number from 1024 to 65525'],
  [{ kafkaVersion: '2.8' }, "'2.8' is not a version of Apache Kafka 3.9.0 or newer"],
  [{ properties: { listeners: 'PLAINTEXT://:1' } }, 'listeners is set by the program'],
  [{ jvmOptions: ['Xmx1g'] }, "'Xmx1g' is not a JVM option"],
])('rejects %j', async (options, message) => {
  const refused = expect(startBrokers(options)).rejects;
  await refused.toMatchObject({ name: 'ClusterError', code: 'usage' });
  await expect(startBrokers(options)).rejects.toThrow(message);
});

test('a node that does not exist is an error that names the others', async () => {
  await using brokers = await startBrokers({ nodes: 1 });
  await expect(brokers.kill(7)).rejects.toMatchObject({ code: 'usage', hint: 'pass one of 1, 2' });
  expect(() => {
    brokers.pause(7);
  }).toThrow('no node 7');
});

test('a worker thread gets an error with a hint', async () => {
  const code = `import { startBrokers } from '${import.meta.resolve('../../dist/library/library.js')}';
    import { parentPort } from 'node:worker_threads';
    startBrokers().catch(({ code, hint }) => parentPort.postMessage({ code, hint }));`;
  const worker = new Worker(new URL(`data:text/javascript,${encodeURIComponent(code)}`));
  expect(await once(worker, 'message')).toEqual([
    { code: 'usage', hint: "call it in the main thread; with Vitest, set pool: 'forks' or use globalSetup" },
  ]);
  await worker.terminate();
});
