import { execFile } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import {
  AclOperationTypes,
  AclPermissionTypes,
  AclResourceTypes,
  Kafka,
  Partitioners,
  ResourcePatternTypes,
  type Transaction,
} from 'kafkajs';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { readKafkaInstall } from '../../src/brokers/kafka-install.ts';
import { kafkajsConfig } from '../../src/kafka/kafkajs/config.ts';
import { givenTime } from '../support/given-time.ts';
import { runCli, startCli, untilOutput, type CliOutcome } from '../support/spawned.ts';
import { withStockBroker, type StockBroker } from '../support/stock-broker.ts';
import { produceTransactions } from '../support/transactions.ts';
import { withAdmin } from '../workload/read-back.ts';

let broker: StockBroker;
let kafka: Kafka;
let ending: () => void;
let ended: Promise<void>;

/** A port that never answers. */
const deadAddress = '127.0.0.1:1';

beforeAll(async () => {
  const properties = {
    // A second listener, which sends its clients to an address without a server.
    listeners: 'PLAINTEXT://127.0.0.1:PORT,BAD://127.0.0.1:PORT_0,CONTROLLER://127.0.0.1:CONTROLLER_PORT',
    'advertised.listeners': `PLAINTEXT://127.0.0.1:PORT,BAD://${deadAddress}`,
    'listener.security.protocol.map': 'CONTROLLER:PLAINTEXT,PLAINTEXT:PLAINTEXT,BAD:PLAINTEXT',
    'authorizer.class.name': 'org.apache.kafka.metadata.authorizer.StandardAuthorizer',
    'allow.everyone.if.no.acl.found': 'true',
  };
  await new Promise<void>((up, failed) => {
    ended = withStockBroker(
      (started) => {
        broker = started;
        up();
        return new Promise((end) => {
          ending = end;
        });
      },
      { properties, furtherPorts: 1 },
    );
    ended.catch(failed);
  });
  const options = { clientId: 'test', requestTimeoutMs: 10_000, connectionTimeoutMs: 3_000 };
  kafka = new Kafka({ ...kafkajsConfig(broker.connection, options), retry: { retries: 10 } });
});
afterAll(async () => {
  ending();
  await ended;
});

const run = (...args: string[]): Promise<CliOutcome> => runCli([...args, '-b', broker.bootstrapServer]);
/** The broker's settings keep groups from joining within three seconds. */
const slowly = ['--session-timeout', '6s'];
const fileIn = (name: string): string => join(broker.folder, name);

async function newTopic(topic: string, partitions = 2): Promise<void> {
  await withAdmin(broker.connection, (admin) => admin.createTopic({ topic, partitions, replicationFactor: 1 }));
}

async function send(topic: string, partition: number, count: number): Promise<void> {
  const producer = kafka.producer({ createPartitioner: Partitioners.DefaultPartitioner });
  await producer.connect();
  await producer.send({ topic, messages: Array.from({ length: count }, () => ({ partition, value: 'word' })) });
  await producer.disconnect();
}

/** 10 records, 5 of a transaction that stays open, and 100 records that it holds back. */
async function openTransaction(
  topic: string,
): Promise<{ readonly transaction: Transaction; readonly close: () => Promise<void> }> {
  await newTopic(topic);
  await send(topic, 1, 10);
  const producer = kafka.producer({
    transactionalId: topic,
    maxInFlightRequests: 1,
    idempotent: true,
    transactionTimeout: 600_000,
    createPartitioner: Partitioners.DefaultPartitioner,
  });
  await producer.connect();
  const transaction = await producer.transaction();
  await transaction.send({ topic, messages: Array.from({ length: 5 }, () => ({ partition: 1, value: 'word' })) });
  await send(topic, 1, 100);
  return { transaction, close: () => producer.disconnect() };
}

/** Runs `counts`, and `action` once it has printed that a transaction holds it back. */
async function whileHeldBack(topic: string, action: () => Promise<unknown>, ...more: string[]): Promise<CliOutcome> {
  const args = ['counts', '-t', topic, ...slowly, '-b', broker.bootstrapServer, ...more];
  const { child, outcome } = startCli(args);
  await untilOutput(child.stderr, /an open transaction blocks/);
  await action();
  return outcome;
}

test('an open transaction is reported with partition and offset, and counts are not called equal', async () => {
  const { transaction, close } = await openTransaction('open');
  const short = await run('counts', '-t', 'open', ...slowly, '--deadline', '8s');
  expect(short).toMatchObject({ code: 1, stdout: '' });
  expect(short.stderr).toContain(
    "topic 'open': an open transaction blocks partition 1 from offset 10 on (105 offsets)",
  );
  // If members have joined by then, they are at offset 10.
  expect(short.stderr).toMatch(/remaining \(partition 1 at (0|10)\)/);

  const before = fileIn('before.tsv');
  writeFileSync(before, 'word\t10\n');
  for (const command of [
    ['verify', '--counts', before],
    ['bench', '--members', '1'],
  ]) {
    const text = "topic 'open' partition 1: an open transaction blocks the records from offset 10 on";
    const { code, stdout, stderr } = await givenTime(
      (timeoutMs) => run(...command, '-t', 'open', '--timeout', `${timeoutMs}ms`),
      (ended) => ended.code !== 1 || ended.stderr.includes(text),
    );
    expect(code).toBe(1);
    expect(stdout).toBe('');
    expect(stderr).toContain(text);
  }

  const file = fileIn('open.tsv');
  const counted = await whileHeldBack('open', () => transaction.commit(), '--format', 'tsv', '-o', file);
  expect(counted).toMatchObject({ code: 0 });
  expect(readFileSync(file, 'utf8').split('\n')[1]).toBe('word\t115');
  expect(await run('verify', '-t', 'open', '--counts', file)).toMatchObject({ code: 0 });
  await close();
});

test('bench rejects a topic with aborted records only, before any run', async () => {
  await newTopic('aborted');
  const values = ['one', 'two'];
  await produceTransactions(broker.connection, 'aborted', [{ partition: 0, values, outcome: 'aborted' }]);
  const { code, stdout, stderr } = await run('bench', '-t', 'aborted', '--members', '1', '--quiet');
  expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
  expect(stderr).toMatch(/^error: topic 'aborted' has no committed records \(--topic\)\nhint: .*\n$/);
});

test('a topic that is deleted while it is counted ends the count', async () => {
  const { close } = await openTransaction('deleted');
  const remove = (): Promise<void> => withAdmin(broker.connection, (admin) => admin.deleteTopic('deleted'));
  const { code, stderr } = await whileHeldBack('deleted', remove);
  expect(code).toBe(1);
  expect(stderr).toContain("error: topic 'deleted' was deleted while it was being counted");
  await close().catch(() => undefined);
});

test('a topic whose access was revoked is not reported as recreated', async () => {
  const { close } = await openTransaction('denied');
  const { code, stderr } = await whileHeldBack('denied', () => deny('denied'));
  expect(code).toBe(1);
  // Reported by the supervisor's check of the topic, or by a member that cannot read.
  expect(stderr).toMatch(/^error: (not authorized to describe topic 'denied'|.*Topic authorization failed)/m);
  expect(stderr).not.toContain('recreated');
  await close().catch(() => undefined);
});

async function deny(topic: string): Promise<void> {
  const admin = kafka.admin();
  await admin.connect();
  const acl = { resourceType: AclResourceTypes.TOPIC, resourceName: topic, host: '*', principal: 'User:ANONYMOUS' };
  const how = { resourcePatternType: ResourcePatternTypes.LITERAL, permissionType: AclPermissionTypes.DENY };
  await admin.createAcls({ acl: [{ ...acl, ...how, operation: AclOperationTypes.ALL }] });
  await admin.disconnect();
}

test('verify compares a topic that has grown up to the counted end, and does not judge one that has lost records', async () => {
  await newTopic('grown');
  await run('produce', '-t', 'grown', '--num-records', '1000', '--seed', '1');
  const tsv = fileIn('grown.tsv');
  const json = fileIn('grown.json');
  for (const [format, file] of [
    ['tsv', tsv],
    ['json', json],
  ] as const) {
    expect(await run('counts', '-t', 'grown', ...slowly, '--format', format, '-o', file)).toMatchObject({ code: 0 });
  }
  await run('produce', '-t', 'grown', '--num-records', '500', '--seed', '2');
  for (const file of [tsv, json]) {
    const { code, stdout, stderr } = await run('verify', '-t', 'grown', '--counts', file);
    expect(code).toBe(0);
    expect(stdout).toMatch(/^equal: .* in 1,000 records of grown\n$/);
    expect(stderr).toContain('500 offsets were added after');
  }
  await withAdmin(broker.connection, (admin) => admin.deleteRecords('grown', [{ partition: 1, offset: 3 }]));
  const { code, stderr } = await run('verify', '-t', 'grown', '--counts', tsv);
  expect(code).toBe(1);
  expect(stderr).toContain('partition 1 began at offset 0 and now begins at 3');
});

test('waits for a throttled client', async () => {
  await newTopic('large', 1);
  await run('produce', '-t', 'large', '--num-records', '150000', '--seed', '1');
  const file = fileIn('large.tsv');
  expect(await run('counts', '-t', 'large', ...slowly, '--format', 'tsv', '-o', file)).toMatchObject({ code: 0 });
  await throttle('consumer-cluster-reader', 500_000);
  // 9.9 MB at 0.5 MB/s: pauses of more than the time limit, in which nothing comes.
  expect(await run('verify', '-t', 'large', '--counts', file, '--timeout', '4s')).toMatchObject({ code: 0 });
});

/** Uses Kafka's own tool. */
async function throttle(clientId: string, bytesPerSecond: number): Promise<void> {
  const { java, classPath } = readKafkaInstall();
  const entity = ['--entity-type', 'clients', '--entity-name', clientId];
  await promisify(execFile)(java, [
    ...[
      '-cp',
      classPath.join(':'),
      'org.apache.kafka.tools.ConfigCommand',
      '--bootstrap-server',
      broker.bootstrapServer,
    ],
    ...['--alter', ...entity, '--add-config', `consumer_byte_rate=${bytesPerSecond}`],
  ]);
}

test.each([
  ['counts', '-t', 'grown'],
  ['bench', '--members', '1'],
  ['stress', '--runs', '1', '--duration', '5s'],
])('%s names an advertised address that does not respond', async (...command) => {
  const [badPort = 0] = broker.furtherPorts;
  const text = `error: the broker at 127.0.0.1:${badPort} advertises ${deadAddress}, where no broker responded within`;
  const { code, stderr, limit } = await givenTime(
    async (timeoutMs) => {
      const on = ['-b', `PLAINTEXT://127.0.0.1:${badPort},`, '--timeout', `${timeoutMs}ms`];
      return { ...(await runCli([...command, ...on])), limit: `${timeoutMs / 1_000} s` };
    },
    (ended) => ended.code !== 1 || ended.stderr.includes(text),
  );
  expect(code).toBe(1);
  expect(stderr).toContain(`${text} ${limit}`);
});
