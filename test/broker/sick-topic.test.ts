import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Kafka, Partitioners } from 'kafkajs';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { ManagedBrokers } from '../../src/brokers/managed-brokers.ts';
import { startManagedBrokers } from '../../src/brokers/managed.ts';
import type { Admin } from '../../src/kafka/kafkajs/admin.ts';
import { readIndependently } from '../../src/kafka/kafkajs/independent-reader.ts';
import { kafkajsConfig } from '../../src/kafka/kafkajs/config.ts';
import { readTopicRange } from '../../src/kafka/kafkajs/topic-range.ts';
import { runCli, type CliOutcome } from '../support/spawned.ts';
import { eventually } from '../support/eventually.ts';
import { givenTime } from '../support/given-time.ts';
import { testCluster } from '../support/test-cluster.ts';
import { withAdmin } from '../workload/read-back.ts';

const data = mkdtempSync(join(tmpdir(), 'sick-topic-'));
const dead = 2;
let brokers: ManagedBrokers;
/** The partition of topic `tail` on the broker that is killed. */
let tailPartition: number;

const on = (): string[] => ['-b', brokers.connection.bootstrapServers];
const run = (...args: string[]): Promise<CliOutcome> => runCli([...args, ...on()]);

beforeAll(async () => {
  brokers = await startManagedBrokers({ dataFolder: data });
  await withAdmin(brokers.connection, async (admin) => {
    await spreadTopic(admin, 'sick', 4);
    await admin.createTopic({ topic: 'well', partitions: 2, replicationFactor: 2 });
    tailPartition = await spreadTopic(admin, 'tail', 2);
  });
});
afterAll(async () => {
  await brokers.stop();
  rmSync(data, { recursive: true, force: true });
});

/**
 * Creates a topic without replicas. For a second after its heartbeats came late, a broker is given
 * no partition.
 * @returns a partition on the broker that is to be killed
 */
async function spreadTopic(admin: Admin, topic: string, partitions: number): Promise<number> {
  for (;;) {
    await admin.createTopic({ topic, partitions, replicationFactor: 1 });
    const found = (await admin.topic(topic))?.partitions.find(({ leader }) => leader === dead);
    if (found !== undefined) return found.partition;
    await admin.deleteTopic(topic);
  }
}

async function leaderlessOf(topic: string): Promise<number[]> {
  const found = await withAdmin(brokers.connection, (admin) => admin.topic(topic));
  return (found?.partitions ?? []).filter(({ leader }) => leader < 0).map(({ partition }) => partition);
}

test('a partition that loses its leader while it is counted is named, once', async () => {
  const range = await readTopicRange(brokers.connection, 'sick', 20_000);
  const { supervisor, events } = testCluster({ connection: brokers.connection, ...range, endOffsets: [1, 1, 1, 1] });
  supervisor.addMember();
  await supervisor.waitSettled({ timeoutMs: 60_000 });
  await sendTwice(tailPartition);
  await brokers.kill(dead);
  const troubles = (): string[] =>
    events.flatMap((event) => (event.type === 'topicTrouble' ? [event.error.message] : []));
  await eventually('the notice', () => troubles().some((text) => text.includes('no leader')), 60_000);
  const leaderless = await leaderlessOf('sick');
  expect(leaderless.length).toBeGreaterThan(0);
  expect(troubles().filter((text) => text.includes('no leader'))).toHaveLength(1);
});

test('with one leaderless partition in the cluster, every other topic works', async () => {
  const produced = await run('produce', '-t', 'well', '--num-records', '2000', '--seed', '1');
  expect(produced).toMatchObject({ code: 0 });
  const file = join(data, 'well.tsv');
  expect(await run('counts', '-t', 'well', '--format', 'tsv', '-o', file)).toMatchObject({ code: 0 });
  expect(await run('verify', '-t', 'well', '--counts', file)).toMatchObject({ code: 0 });
  const bench = ['bench', '-t', 'well', '--members', '1', '--lane', 'drain', '--repetitions', '1'];
  expect(await run(...bench, '--warm-up', '0')).toMatchObject({ code: 0 });
});

test.each([
  ['counts', '-t', 'sick'],
  ['produce', '-t', 'sick', '--num-records', '10'],
  ['bench', '-t', 'sick', '--members', '1'],
])('%s of the topic itself names partition and broker', async (...command) => {
  const text = /error: topic 'sick': no leader for partitions? [0-3,-]+\n/;
  const { code, stderr } = await givenTime(
    (timeoutMs) => run(...command, '--timeout', `${timeoutMs}ms`),
    (ended) => ended.code !== 1 || text.test(ended.stderr),
  );
  expect(code).toBe(1);
  expect(stderr).toMatch(text);
  expect(stderr).toContain(`start a broker that holds its records: ${dead}`);
});

test('the independent reader names it, too', async () => {
  const [partition = -1] = await leaderlessOf('sick');
  const ranges = [{ partition, begin: 0, end: 1 }];
  const read = (timeoutMs: number): Promise<string> =>
    readIndependently(brokers.connection, { topic: 'sick', ranges, timeoutMs, onRecord: () => undefined }).then(
      () => 'read',
      String,
    );
  const text = `topic 'sick': no leader for partition ${partition}`;
  expect(await givenTime(read, (end) => end === 'read' || end.includes(text))).toContain(text);
});

test('a partition whose last records compaction took is read and verified to its end', async () => {
  dropSecondBatch(folderOf(`tail-${tailPartition}`));
  await brokers.restart(dead);
  await eventually('all partitions have leaders', async () => (await leaderlessOf('tail')).length === 0, 60_000);
  const offsets: number[] = [];
  const { holes } = await readIndependently(brokers.connection, {
    topic: 'tail',
    ranges: [{ partition: tailPartition, begin: 0, end: 20 }],
    timeoutMs: 60_000,
    onRecord: (_partition, offset) => offsets.push(offset),
  });
  expect(offsets).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
  expect(holes).toEqual(new Map([[tailPartition, 10]]));

  const verify = async (records: number): Promise<CliOutcome> => {
    const file = join(data, 'tail.tsv');
    const ranges = [{ partition: tailPartition, begin: 0, end: 20, records }];
    writeFileSync(file, `# ${JSON.stringify({ topic: 'tail', ranges })}\nword\t10\n`);
    return run('verify', '-t', 'tail', '--counts', file);
  };
  expect(await verify(10)).toMatchObject({ code: 0 });
  const since = await verify(20);
  expect(since.code).toBe(1);
  expect(since.stderr).toContain(
    `compacted since they were counted: partition ${tailPartition} has 10 of 20 records left`,
  );
});

/** Two batches of ten records. */
async function sendTwice(partition: number): Promise<void> {
  const options = { clientId: 'test', requestTimeoutMs: 10_000, connectionTimeoutMs: 3_000 };
  // Retried, because a broker may have no leader for a while; idempotent, so that this adds no batch.
  const config = { ...kafkajsConfig(brokers.connection, options), retry: { retries: 10 } };
  const producer = new Kafka(config).producer({
    ...{ createPartitioner: Partitioners.DefaultPartitioner, idempotent: true, maxInFlightRequests: 1 },
  });
  await producer.connect();
  const messages = Array.from({ length: 10 }, () => ({ partition, key: 'k', value: 'word' }));
  await producer.send({ topic: 'tail', messages });
  await producer.send({ topic: 'tail', messages });
  await producer.disconnect();
}

function folderOf(name: string): string {
  const found = readdirSync(data, { recursive: true, encoding: 'utf8' }).find((path) => path.endsWith(`/${name}`));
  if (found === undefined) throw new Error(`no folder ${name}`);
  return join(data, found);
}

/**
 * Leaves a closed segment as compaction does after its last records were replaced. Its broker is
 * down.
 */
function dropSecondBatch(folder: string): void {
  const segment = join(folder, '00000000000000000000.log');
  const bytes = readFileSync(segment);
  writeFileSync(segment, bytes.subarray(0, 12 + bytes.readInt32BE(8)));
  writeFileSync(join(folder, '00000000000000000020.log'), '');
}
