import { existsSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { announceKeptBrokers, findKeptBrokers, withdrawKeptBrokers } from '../../src/brokers/kept-brokers.ts';
import type { ManagedBrokers } from '../../src/brokers/managed-brokers.ts';
import { userFolder } from '../../src/brokers/user-folder.ts';

beforeEach(() => {
  vi.stubEnv('TMPDIR', mkdtempSync(join(tmpdir(), 'kept-')));
});
afterEach(() => {
  vi.unstubAllEnvs();
});

const nothing = (): Promise<void> => Promise.resolve();
const brokers: ManagedBrokers = {
  connection: { bootstrapServers: '127.0.0.1:1,127.0.0.1:2', source: 'managed', properties: {} },
  version: '4.3.1',
  settings: { properties: {}, jvmOptions: [] },
  folder: '/folder',
  failed: new AbortController().signal,
  nodes: [{ nodeId: 1, role: 'broker', port: 1, pid: 2, logFile: '/log' }],
  stop: nothing,
  kill: nothing,
  restart: nothing,
  pause: () => undefined,
  resume: () => undefined,
};

const stateFile = async (): Promise<string> => join(await userFolder(), 'brokers.json');

test('announced brokers are found until they are withdrawn', async () => {
  expect(await findKeptBrokers()).toBeUndefined();
  await announceKeptBrokers(brokers);
  expect(await findKeptBrokers()).toMatchObject({
    bootstrapServers: brokers.connection.bootstrapServers,
    version: brokers.version,
    nodes: brokers.nodes,
    owner: { pid: process.pid },
  });
  await withdrawKeptBrokers();
  expect(await findKeptBrokers()).toBeUndefined();
  expect(existsSync(await stateFile())).toBe(false);
});

test.each([
  ['of a dead process', (text: string) => text.replace(/"startTicks": \d+/, '"startTicks": 1')],
  ['cut off', (text: string) => text.slice(0, text.length / 2)],
  ['of another shape', () => '{"pid": 1}'],
])('a state file %s counts for nothing, and is removed', async (_, spoil) => {
  await announceKeptBrokers(brokers);
  const file = await stateFile();
  const text = readFileSync(file, 'utf8');
  writeFileSync(file, spoil(text));
  expect(readFileSync(file, 'utf8')).not.toBe(text);
  expect(await findKeptBrokers()).toBeUndefined();
  expect(existsSync(file)).toBe(false);
});

test('a state file of another pid namespace is kept', async () => {
  await announceKeptBrokers(brokers);
  const file = await stateFile();
  writeFileSync(file, readFileSync(file, 'utf8').replace(/"pidNamespace": "\d+"/, '"pidNamespace": "1"'));
  expect(await findKeptBrokers()).toBeUndefined();
  await withdrawKeptBrokers();
  expect(existsSync(file)).toBe(true);
});
