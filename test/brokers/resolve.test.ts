import { inspect } from 'node:util';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeAll, beforeEach, expect, test, vi } from 'vitest';
import { announceKeptBrokers } from '../../src/brokers/kept-brokers.ts';
import { resolveBrokers } from '../../src/brokers/resolve.ts';
import { ClusterError } from '../../src/errors.ts';
import { kafkajsExports } from '../../src/kafka/kafkajs/internals.ts';
import { expectAbortable, neverMs, withSilentServer } from '../support/silent-server.ts';

const secret = 'hunter2-correct-horse';
const properties = {
  'security.protocol': 'sasl_plaintext',
  'sasl.mechanism': 'PLAIN',
  'sasl.username': 'user',
  'sasl.password': secret,
};

// The first call loads it, which on a busy machine takes too much of a limit of one second.
beforeAll(() => {
  kafkajsExports();
});
beforeEach(() => {
  vi.stubEnv('TMPDIR', mkdtempSync(join(tmpdir(), 'resolve-')));
});
afterEach(() => {
  vi.unstubAllEnvs();
});

/** Resolves brokers that cannot be reached; returns the error and everything that was logged. */
async function failure(
  options: Partial<Parameters<typeof resolveBrokers>[0]>,
): Promise<{ error: ClusterError; all: string }> {
  const lines: string[] = [];
  const log = (line: string): void => void lines.push(line);
  const error: unknown = await resolveBrokers({
    properties,
    source: 'managed',
    // Longer than any stall of the machine, so that one attempt has ended.
    timeoutMs: 5_000,
    log,
    ...options,
  }).then(
    () => new Error('it resolved'),
    (reason: unknown) => reason,
  );
  if (!(error instanceof ClusterError)) throw new Error(`not an error of ours: ${inspect(error)}`);
  return { error, all: `${lines.join('\n')}\n${inspect(error, { depth: 10, showHidden: true })}` };
}

test('unreachable brokers are an error within the time limit, which does not contain the password', async () => {
  const { error, all } = await failure({ bootstrapServers: '127.0.0.1:1' });
  expect(error.message).toBe('no broker responded at 127.0.0.1:1 within 5 s (--bootstrap-server)');
  expect(error.code).toBe('brokerUnavailable');
  expect(error.hint).toContain('connection refused');
  expect(all).not.toContain(secret);
});

test('gives up on a silent server at the time limit', async () => {
  await withSilentServer(async ({ connection: { bootstrapServers } }) => {
    const { error, all } = await failure({ bootstrapServers });
    expect(error.message).toContain(`no broker responded at ${bootstrapServers}`);
    expect(all).not.toContain(secret);
  });
});

test('an abort ends the check of brokers, and its connections', async () => {
  await expectAbortable(({ bootstrapServers }, signal) =>
    resolveBrokers({
      ...{ bootstrapServers, properties: {}, source: 'managed', timeoutMs: neverMs, signal },
      log: () => undefined,
    }),
  );
});

test.each(['', '127.0.0.1:0', '127.0.0.1:99999', 'a:b'])('rejects %j as HOST:PORT', async (bootstrapServers) => {
  const { error, all } = await failure({ bootstrapServers });
  expect(error.code).toBe('usage');
  expect(error.message).toContain('(--bootstrap-server)');
  expect(all).not.toContain(secret);
});

test.each(['managed', 'mock'] as const)('rejects security settings for %s brokers', async (source) => {
  const { error, all } = await failure({ source });
  expect(error.code).toBe('usage');
  expect(error.message).toBe('security.protocol sasl_plaintext needs --bootstrap-server');
  expect(all).not.toContain(secret);
});

test('background brokers that do not respond are an error, not a reason to start others', async () => {
  await withSilentServer(async ({ connection: { bootstrapServers } }) => {
    const nothing = (): Promise<void> => Promise.resolve();
    await announceKeptBrokers({
      connection: { bootstrapServers, source: 'managed', properties: {} },
      version: '4.3.1',
      settings: { properties: {}, jvmOptions: [] },
      folder: '/folder',
      failed: new AbortController().signal,
      nodes: [],
      stop: nothing,
      kill: nothing,
      restart: nothing,
      pause: () => undefined,
      resume: () => undefined,
    });
    const { error } = await failure({ properties: {} });
    expect(error.message).toBe(
      `the background brokers of process ${process.pid} do not respond at ${bootstrapServers}`,
    );
  });
});
