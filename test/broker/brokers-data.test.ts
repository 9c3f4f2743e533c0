import { existsSync, mkdirSync, mkdtempSync, readdirSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { startManagedBrokers } from '../../src/brokers/managed.ts';
import { ClusterError } from '../../src/errors.ts';
import { Admin } from '../../src/kafka/kafkajs/admin.ts';
import { withBrokers } from '../support/brokers.ts';
import { processesWith } from '../support/processes.ts';

const timeoutMs = 20_000;

test('kept data is used again on other ports, by one cluster at a time', async () => {
  const dataFolder = join(mkdtempSync(join(tmpdir(), 'kept-data-')), 'data');
  const ports = await withBrokers(
    async (brokers) => {
      const admin = await Admin.connect(brokers.connection, { timeoutMs });
      await admin.createTopic({ topic: 'kept', partitions: 3, replicationFactor: 2 });
      await admin.close();
      await expect(startManagedBrokers({ dataFolder })).rejects.toThrow(
        `${dataFolder} is in use by process ${process.pid}`,
      );
      return brokers.nodes.map(({ port }) => port);
    },
    { dataFolder },
  );
  expect(existsSync(dataFolder)).toBe(true);
  await withBrokers(
    async (brokers) => {
      expect(brokers.nodes.map(({ port }) => port)).not.toEqual(ports);
      const admin = await Admin.connect(brokers.connection, { timeoutMs });
      expect((await admin.topic('kept'))?.partitions.length).toBe(3);
      await admin.close();
    },
    { dataFolder },
  );
});

test('a broker that fails to start is an error with its cause, its log is kept, and no process remains', async () => {
  const dataFolder = mkdtempSync(join(tmpdir(), 'foreign-data-'));
  mkdirSync(join(dataFolder, 'broker-2'));
  const meta = 'version=1\ncluster.id=AAAAAAAAQACAAAAAAAAAAA\nnode.id=7\ndirectory.id=AAAAAAAAQACAAAAAAAAAAQ\n';
  writeFileSync(join(dataFolder, 'broker-2', 'meta.properties'), meta);
  const error: unknown = await startManagedBrokers({ dataFolder }).catch((reason: unknown) => reason);
  if (!(error instanceof ClusterError)) throw new Error('it started');
  expect(error.code).toBe('environment');
  expect(error.message).toMatch(/^broker 2 exited during start-up \(exit code 1\): Stored node id 7 .*$/);
  expect(error.hint).toBe(`see the broker logs: ${join(dataFolder, 'logs')}`);
  const logs = readdirSync(join(dataFolder, 'logs'));
  expect(logs).toEqual(['broker-1.log', 'broker-2.log', 'controller-3.log']);
  expect(processesWith(dataFolder)).toEqual([]);
});

test.each([
  [
    'a property',
    { properties: { 'num.io.threads': 'many' }, jvmOptions: [] },
    'Invalid value many for configuration num.io.threads',
  ],
  ['a JVM option', { properties: {}, jvmOptions: ['-XX:+UseMagicGC'] }, "Unrecognized VM option 'UseMagicGC'"],
])('brokers that refuse %s say which in one line', async (_, settings, cause) => {
  const error: unknown = await startManagedBrokers({ settings }).catch((reason: unknown) => reason);
  if (!(error instanceof ClusterError)) throw new Error('it started');
  expect(error.message).toMatch(/^\w+ \d exited during start-up \(exit code 1\): .*$/);
  expect(error.message).toContain(cause);
  expect(error.hint).toMatch(/^see the broker logs: /);
});
