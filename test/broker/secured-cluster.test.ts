import { execFile } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { readClientProperties } from '../../src/config/client-properties.ts';
import type { Connection } from '../../src/config/connection.ts';
import { withTrust } from '../../src/config/tls-trust.ts';
import { Admin } from '../../src/kafka/admin.ts';
import { BatchProducer } from '../../src/kafka/producer.ts';
import { oidc, sasl, secrets } from '../support/client-texts.ts';
import { refusals, signIns } from '../support/sign-in-cases.ts';
import { minimumRights, withSecuredBroker, type SecuredBroker } from '../support/secured-broker.ts';

const records = 400;

let broker: SecuredBroker;
let release: () => void;
let running: Promise<void>;

beforeAll(async () => {
  const passwords = { alice: secrets.password, nobody: secrets.password };
  await new Promise<void>((up, failed) => {
    running = withSecuredBroker(passwords, secrets.keyPassword, async (made) => {
      for (const user of ['alice', 'CN=client', 'robot']) await made.allow(user, minimumRights);
      broker = made;
      mkdirSync(join(made.folder, 'authorities'));
      writeFileSync(join(made.folder, 'authorities', 'mine.pem'), readFileSync(made.certificates.ca));
      up();
      await new Promise<void>((resolve) => {
        release = resolve;
      });
    });
    running.catch(failed);
  });
  const args = ['produce', '-b', broker.plaintext, '-t', 'lab-words', '--num-records', String(records)];
  expect(await cli(args)).toMatchObject({ code: 0 });
});

afterAll(async () => {
  release();
  await running;
});

interface Ended {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs the built command line in a process of its own. */
function cli(args: readonly string[]): Promise<Ended> {
  return new Promise((resolve) => {
    execFile(
      process.execPath,
      ['dist/cli.js', ...args],
      { cwd: process.cwd(), maxBuffer: 2 ** 28 },
      (error, stdout, stderr) => {
        resolve({ code: error === null ? 0 : typeof error.code === 'number' ? error.code : -1, stdout, stderr });
      },
    );
  });
}

/** Writes client properties to a file for --command-config. */
function config(name: string, text: string): string {
  const file = join(broker.folder, `${name.replaceAll(/\W+/g, '-')}.properties`);
  writeFileSync(file, text);
  return file;
}

test.each(signIns)('%s: both clients sign in, and every record is counted', async (name, server, text) => {
  const args = ['counts', '-b', server(broker), '--command-config', config(name, text(broker)), '-t', 'lab-words'];
  const { code, stderr, stdout } = await cli([...args, '--session-timeout', '10s', '--top', '1']);
  expect({ code, stderr: stderr.match(/^(error|hint):.*/gm) }).toEqual({ code: 0, stderr: null });
  expect(stdout).toContain(`in ${records} records of lab-words`);
});

async function connectionOf(server: string, text: string): Promise<Connection> {
  const properties = await withTrust(await readClientProperties({ file: config('refused', text), entries: [] }));
  return { bootstrapServers: server, source: 'external', properties };
}

test.each(refusals)('%s: both clients refuse, or are refused', async (_name, server, text, message) => {
  const connection = await connectionOf(server(broker), text(broker));
  await expect(Admin.connect(connection, { timeoutMs: 20_000 })).rejects.toThrow(message);
  const producer = new BatchProducer({ connection, clientId: 'test', properties: {} });
  try {
    await expect(producer.connect(1_000)).rejects.toThrow(/producer: .*(certificate|SSL|[Aa]uthentication)/);
  } finally {
    producer.close();
  }
});

test('the token of OAUTHBEARER and the client secret are in no output either', async () => {
  const lines = oidc(broker)
    .split('\n')
    .flatMap((line) => ['-X', line]);
  const args = ['produce', '-b', broker.oidc, ...lines, '-X', 'debug=all', '-t', 'lab-tokens', '--num-records', '10'];
  const { code, stderr, stdout } = await cli(args);
  expect(code).toBe(0);
  const { clientId, clientSecret, issued } = broker.tokenServer;
  expect(issued.length).toBeGreaterThan(1);
  for (const secret of [clientSecret, Buffer.from(`${clientId}:${clientSecret}`).toString('base64'), ...issued]) {
    expect(`${stderr}${stdout}`.includes(secret)).toBe(false);
  }
});

test.each([
  [['counts', '-t', 'lab-words'], /not authorized to describe topic 'lab-words'/, /Describe/],
  [
    ['produce', '-t', 'lab-new', '--num-records', '1'],
    /not authorized to (describe|create) topic 'lab-new'/,
    /Create|Describe/,
  ],
  [['run', '--duration', '1s'], /not authorized to create topic 'run-/, /Create/],
])('a user without rights: %j says which right is missing', async (args, message, hint) => {
  const text = sasl('PLAIN')(broker).replace('alice', 'nobody');
  const { code, stderr } = await cli([...args, '-b', broker.saslSsl, '--command-config', config('nobody', text)]);
  expect(code).toBe(1);
  expect(stderr).toMatch(message);
  expect(/^hint: .*/m.exec(stderr)?.[0]).toMatch(hint);
});
