import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { withOperator } from '../../src/kafka/kafkajs/operator.ts';
import { clientCertificate, oidc, sasl, secrets, tls } from '../support/client-texts.ts';
import {
  durableReaderRights,
  durableRights,
  withoutRight,
  withSecuredBroker,
  type AclRule,
  type SecuredBroker,
} from '../support/secured-broker.ts';
import { runCli, startCli, succeeds, untilOutput } from '../support/spawned.ts';

interface MissingRight {
  readonly resource: AclRule['resource'];
  readonly prefix: string;
  readonly operation: AclRule['operations'][number];
  /** A new group, or one that has counted before. */
  readonly group: 'dur-new' | 'dur-old';
  readonly message: RegExp;
  readonly hint: RegExp;
}

const changelog = { resource: 'TOPIC', prefix: 'dur-' } as const;
const source = { resource: 'TOPIC', prefix: 'lab-words' } as const;

/** Each right of docs/security.md, and how `counts --durable` ends without it. */
const missingToCount: readonly MissingRight[] = [
  { ...source, operation: 'READ', group: 'dur-new', message: /describe topic 'lab-words'/, hint: /Describe/ },
  {
    ...{ ...changelog, operation: 'CREATE', group: 'dur-new' },
    ...{ message: /create topic 'dur-new[^']*-counts-changelog'/, hint: /Create/ },
  },
  {
    ...{ ...changelog, operation: 'DESCRIBE_CONFIGS', group: 'dur-old' },
    ...{ message: /read the settings of topic 'dur-old-counts-changelog'/, hint: /DescribeConfigs/ },
  },
  {
    ...{ ...changelog, operation: 'READ', group: 'dur-old' },
    ...{ message: /changelog dur-old-counts-changelog .*Topic authorization failed/, hint: /Read on the topic/ },
  },
  {
    ...{ ...changelog, operation: 'WRITE', group: 'dur-new' },
    ...{ message: /changelog dur-new-\d-counts-changelog: .*Topic authorization failed/, hint: /Write to produce/ },
  },
  {
    ...{ resource: 'GROUP', prefix: 'dur-', operation: 'READ', group: 'dur-new' },
    ...{ message: /not authorized to read group 'dur-new/, hint: /READ on group 'dur-new/ },
  },
  {
    ...{ resource: 'TRANSACTIONAL_ID', prefix: 'consumer-cluster:dur-', operation: 'WRITE', group: 'dur-new' },
    ...{ message: /Transactional Id authorization failed/, hint: /Write on transactional ids .* consumer-cluster:/ },
  },
];

/** The counted topic has got a partition. */
const missingToGrow: MissingRight = {
  ...{ ...changelog, operation: 'ALTER', group: 'dur-old' },
  ...{ message: /alter topic 'dur-old-counts-changelog'/, hint: /Alter/ },
};

/** Likewise for `verify --changelog`. */
const missingToVerify: readonly MissingRight[] = [
  { ...source, operation: 'READ', group: 'dur-old', message: /describe topic 'lab-words'/, hint: /Describe/ },
  {
    ...changelog,
    operation: 'READ',
    group: 'dur-old',
    message: /topic 'dur-old-counts-changelog'/,
    hint: /Describe|Read/,
  },
  {
    ...{ resource: 'GROUP', prefix: 'dur-', operation: 'DESCRIBE', group: 'dur-old' },
    ...{ message: /describe group 'dur-old'/, hint: /Describe on group/ },
  },
];

const userOf = (kind: 'counter' | 'reader', index: number): string => `${kind}${index}`;

const onlyDescribeSource = (rule: AclRule): AclRule =>
  rule.prefix === source.prefix ? { ...rule, operations: ['DESCRIBE'] } : rule;

let broker: SecuredBroker;
let release: () => void;
let running: Promise<void>;

beforeAll(async () => {
  const counters = [...missingToCount, missingToGrow].map((missing, index) => ({
    user: userOf('counter', index),
    rights: withoutRight(durableRights('dur-'), missing),
  }));
  const readers = missingToVerify.map((missing, index) => ({
    user: userOf('reader', index),
    rights: withoutRight(durableReaderRights('dur-'), missing),
  }));
  const users = [
    ...['alice', 'CN=client', 'robot'].map((user) => ({ user, rights: durableRights('dur-') })),
    { user: 'auditor', rights: durableReaderRights('dur-') },
    { user: 'onlooker', rights: durableReaderRights('dur-').map(onlyDescribeSource) },
    ...counters,
    ...readers,
  ];
  const passwords = Object.fromEntries(
    users.filter(({ user }) => /^\w+$/.test(user)).map(({ user }) => [user, secrets.password]),
  );
  await new Promise<void>((up, failed) => {
    running = withSecuredBroker(passwords, secrets.keyPassword, async (made) => {
      for (const { user, rights } of users) await made.allow(user, rights);
      broker = made;
      up();
      await new Promise<void>((resolve) => {
        release = resolve;
      });
    });
    running.catch(failed);
  });
  await produce(400, '--partitions', '2');
});

afterAll(async () => {
  release();
  await running;
});

/** As the super user. */
async function produce(records: number, ...more: readonly string[]): Promise<void> {
  await succeeds(['produce', '-b', broker.plaintext, '-t', 'lab-words', '--num-records', String(records), ...more]);
}

/** Arguments that sign in with these properties. */
function signedIn(name: string, server: string, properties: string): readonly string[] {
  const file = join(broker.folder, `${name}.properties`);
  writeFileSync(file, properties);
  return ['-b', server, '--command-config', file];
}

/** Arguments of a user of SASL_SSL. */
function as(user: string): readonly string[] {
  return signedIn(user, broker.saslSsl, sasl('SCRAM-SHA-512')(broker).replace('alice', user));
}

const count = (group: string, ...more: readonly string[]): readonly string[] => [
  ...['counts', '--durable', '-t', 'lab-words', '--group', group, '--session-timeout', '6s', ...more],
];

test('a second process takes over after kill -9, and readers agree, with the rights of docs/security.md', async () => {
  const alice = as('alice');
  const first = startCli([...count('dur-old', '--members', '2', '--follow'), ...alice]);
  await untilOutput(first.child.stderr, /owns 2 of 2 partitions/);
  await produce(400);
  first.child.kill('SIGKILL');
  await first.outcome;
  await produce(200);
  await succeeds([...count('dur-old', '--members', '2'), ...alice]);
  const counts = ['counts', '--from-changelog', '--group', 'dur-old'];
  for (const user of ['alice', 'onlooker']) {
    expect(await runCli([...counts, ...as(user)])).toMatchObject({
      code: 0,
      stdout: expect.stringContaining('in 1,000 records of lab-words') as string,
    });
  }
  for (const user of ['alice', 'auditor']) {
    expect(await runCli(['verify', '--changelog', '--group', 'dur-old', ...as(user)])).toMatchObject({
      code: 0,
      stdout: expect.stringContaining('equal: ') as string,
    });
  }
});

test.each([
  ['SASL_SSL, PLAIN', () => signedIn('plain', broker.saslSsl, sasl('PLAIN')(broker))],
  ['mutual TLS', () => signedIn('tls', broker.mutualTls, `${tls(broker)}${clientCertificate(broker)}`)],
  ['OAUTHBEARER', () => signedIn('oidc', broker.oidc, oidc(broker))],
])(
  '%s: all clients of a durable group sign in',
  async (name, client) => {
    const group = `dur-${name.replaceAll(/\W/g, '')}`;
    await succeeds([...count(group), ...client()]);
    // Restores what the first one has committed.
    await succeeds([...count(group), ...client()]);
    await succeeds(['verify', '--changelog', '--group', group, ...client()]);
  },
  300_000,
);

function expectDenied(
  { code, stderr }: { code: number | null; stderr: string },
  { message, hint }: MissingRight,
): void {
  expect(code).toBe(1);
  expect(/^error: .*/m.exec(stderr)?.[0]).toMatch(message);
  expect(/^hint: .*/m.exec(stderr)?.[0]).toMatch(hint);
}

test.each(missingToCount.map((missing, index) => ({ missing, index })))(
  'counts --durable without $missing.operation on $missing.resource $missing.prefix says so',
  async ({ missing, index }) => {
    const group = missing.group === 'dur-new' ? `dur-new-${index}` : missing.group;
    expectDenied(await runCli([...count(group), ...as(userOf('counter', index))]), missing);
  },
  300_000,
);

test.each(missingToVerify.map((missing, index) => ({ missing, index })))(
  'verify --changelog without $missing.operation on $missing.resource $missing.prefix says so',
  async ({ missing, index }) => {
    const { group } = missing;
    expectDenied(
      await runCli(['verify', '--changelog', '-t', 'lab-words', '--group', group, ...as(userOf('reader', index))]),
      missing,
    );
  },
  300_000,
);

test('a partition that the counted topic gets is added to the changelog, with the right to do so', async () => {
  const connection = { bootstrapServers: broker.plaintext, source: 'external', properties: {} } as const;
  await withOperator(connection, 20_000, (operator) => operator.addPartitions('lab-words', 3));
  const without = as(userOf('counter', missingToCount.length));
  expectDenied(await runCli([...count('dur-old'), ...without]), missingToGrow);
  await succeeds([...count('dur-old'), ...as('alice')]);
});
