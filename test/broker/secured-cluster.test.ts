import { execFile } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { readClientProperties } from '../../src/config/client-properties.ts';
import type { Connection } from '../../src/config/connection.ts';
import { withTrust } from '../../src/config/tls-trust.ts';
import { Admin } from '../../src/kafka/kafkajs/admin.ts';
import { BatchProducer } from '../../src/kafka/native/producer.ts';
import { javaSasl, oidc, sasl, secrets } from '../support/client-texts.ts';
import { givenTime } from '../support/given-time.ts';
import { refusals, signIns } from '../support/sign-in-cases.ts';
import { minimumRights, withSecuredBroker, type SecuredBroker } from '../support/secured-broker.ts';

const records = 400;

let broker: SecuredBroker;
let release: () => void;
let running: Promise<void>;

beforeAll(async () => {
  const passwords = { alice: secrets.password, mallory: secrets.password };
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

/** Runs the built command line in a separate process. */
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
  const connected = 'connected';
  const connect = async (timeoutMs: number): Promise<string> => {
    const producer = new BatchProducer({ connection, clientId: 'test', properties: {} });
    try {
      return await producer.connect(timeoutMs).then(() => connected, String);
    } finally {
      producer.close();
    }
  };
  const refused = /producer: .*(certificate|SSL|[Aa]uthentication)/;
  expect(await givenTime(connect, (end) => end === connected || refused.test(end))).toMatch(refused);
});

/** Every text that a command printed, or left in a file of the folder. */
function outputs(ended: readonly Ended[], folder: string): string[] {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  return [
    ...ended.flatMap(({ stdout, stderr }) => [stdout, stderr]),
    ...files.map((entry) => readFileSync(join(entry.parentPath, entry.name), 'utf8')),
  ];
}

test('every command works with the rights of docs/security.md, and no secret is in any output', async () => {
  const out = join(broker.folder, 'out');
  mkdirSync(out);
  const at = (name: string): string => join(out, name);
  const key = readFileSync(broker.certificates.clientKey, 'utf8');
  const client = ['-b', broker.saslSsl, '--command-config', config('all', sasl('SCRAM-SHA-512')(broker))];
  // The same and more on the command line, in Java's names, with everything in the client's own
  // log.
  const loud = [
    ...[
      '-b',
      broker.saslSsl,
      '-X',
      'debug=all',
      '-X',
      `ssl.key.password=${secrets.keyPassword}`,
      '-X',
      `ssl.keystore.key=${key}`,
    ],
    ...['-X', `ssl.certificate.location=${broker.certificates.clientCertificate}`],
    ...javaSasl(
      'PLAIN',
      'plain.PlainLoginModule',
    )(broker)
      .split('\n')
      .flatMap((line) => ['-X', line]),
  ];
  const classic = ['--session-timeout', '10s'];
  const short = ['--repetitions', '1', '--warm-up', '0', '--lane', 'drain'];
  const runs: readonly (readonly string[])[] = [
    ['produce', ...loud, '-t', 'lab-more', '--num-records', '100', '--json', at('produce.json')],
    ['counts', ...loud, '-t', 'lab-more', ...classic, '-o', at('counts.json'), '--format', 'json'],
    ['verify', ...client, '-t', 'lab-more', '--counts', at('counts.json')],
    [
      ...[
        'bench',
        ...client,
        '--num-records',
        '2000',
        '--members',
        '1,2',
        ...short,
        ...classic,
        '--json',
        at('bench.json'),
      ],
      ...[
        '--html',
        at('bench.html'),
        '--markdown',
        at('bench.md'),
        '--junit',
        at('bench.xml'),
        '--csv',
        at('bench.csv'),
      ],
      ...['--append-history', at('bench.ndjson')],
    ],
    ['run', ...loud, '--duration', '2s', ...classic, '--event-log', at('run.ndjson')],
    [
      'stress',
      ...client,
      '--protocol',
      'consumer',
      '--duration',
      '3s',
      '--json',
      at('stress.json'),
      '--history-dir',
      at('stress'),
    ],
  ];
  const ended: Ended[] = [];
  for (const args of runs) {
    const end = await cli(args);
    ended.push(end);
    expect({ command: args[0], code: end.code, errors: end.stderr.match(/^(error|hint):.*/gm) }).toEqual({
      command: args[0],
      code: 0,
      errors: null,
    });
  }
  // A failure may say more than a success.
  const wrong = loud.map((argument) => argument.replace(/^(security\.protocol=SASL_)SSL/, '$1PLAINTEXT'));
  ended.push(await cli(['produce', ...wrong, '-t', 'lab-more', '--num-records', '1', '--timeout', '1s']));
  expect(ended.at(-1)?.code).toBe(1);

  const keyLine = key.split('\n')[1] ?? '';
  expect(keyLine.length).toBeGreaterThan(30);
  for (const secret of [...Object.values(secrets), keyLine, Buffer.from(secrets.password).toString('base64')]) {
    for (const output of outputs(ended, out)) expect(output.includes(secret) ? output.slice(0, 2_000) : '').toBe('');
  }
  // The requested output is there: the log of both clients, and the names of the settings.
  expect(ended[0]?.stderr).toMatch(/^%7\|[A-Z_]+\|/m);
  expect(readFileSync(at('run.ndjson'), 'utf8')).toContain('sasl.jaas.config=***');
  expect(statSync(at('run.ndjson')).mode & 0o777).toBe(0o600);
}, 400_000);

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
  const text = sasl('PLAIN')(broker).replace('alice', 'mallory');
  const { code, stderr } = await cli([...args, '-b', broker.saslSsl, '--command-config', config('mallory', text)]);
  expect(code).toBe(1);
  expect(stderr).toMatch(message);
  expect(/^hint: .*/m.exec(stderr)?.[0]).toMatch(hint);
});
