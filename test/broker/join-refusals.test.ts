import {
  Kafka,
  logLevel,
  AclOperationTypes,
  AclPermissionTypes,
  AclResourceTypes,
  ResourcePatternTypes,
} from 'kafkajs';
import { beforeAll, expect, test } from 'vitest';
import { runCli } from '../support/spawned.ts';
import { groupIdsOf } from '../support/groups.ts';
import { stockBrokerOfFile } from '../support/stock-broker.ts';

const stock = stockBrokerOfFile({
  properties: {
    'group.max.size': '2',
    'group.coordinator.rebalance.protocols': 'classic',
    'authorizer.class.name': 'org.apache.kafka.metadata.authorizer.StandardAuthorizer',
    'allow.everyone.if.no.acl.found': 'true',
  },
});
const deniedGroup = 'denied';

beforeAll(async () => {
  const { code, stderr } = await runCli([
    'produce',
    '-b',
    stock().bootstrapServer,
    '-t',
    'books',
    '--num-records',
    '1k',
  ]);
  expect(code, stderr).toBe(0);
  const admin = new Kafka({ brokers: [stock().bootstrapServer], logLevel: logLevel.NOTHING }).admin();
  await admin.connect();
  const acl = {
    resourceType: AclResourceTypes.GROUP,
    resourceName: deniedGroup,
    resourcePatternType: ResourcePatternTypes.LITERAL,
    principal: 'User:somebody',
    host: '*',
    operation: AclOperationTypes.READ,
    permissionType: AclPermissionTypes.ALLOW,
  };
  // Who is not named in a resource's rules is denied it.
  await admin.createAcls({ acl: [acl] });
  await admin.disconnect();
});

const small = ['--num-records', '1k', '--repetitions', '1'];
/**
 * Each of the commands that run a group, with more members than the broker allows if `members` is
 * set.
 */
const commands = [
  ['counts', '--topic', 'books', '--members', '3'],
  ['bench', '--members', '3', ...small],
  ['run', '--duration', '2s'],
  ['stress', '--seed', '2', '--runs', '3'],
].map((args) => ({ command: args[0], args }));

/**
 * Runs a command that the coordinator must refuse. @returns the last two lines of stderr: the error
 * and its hint
 */
async function refused(args: readonly string[]): Promise<readonly [error: string, hint: string]> {
  const { code, stdout, stderr } = await runCli([...args, '-b', stock().bootstrapServer]);
  expect(code, stderr + stdout).toBe(1);
  expect(stdout).not.toContain('violated');
  expect(stderr).not.toContain('could not delete');
  // One cause, said once: what else there is are lines on the progress of the command.
  const [error = '', hint = ''] = stderr.trimEnd().split('\n').slice(-2);
  expect(stderr.split('\n').filter((line) => line.startsWith('error: '))).toEqual([error]);
  return [error, hint];
}

test.each(commands)('$command ends when the session timeout is refused', async ({ args }) => {
  const [error, hint] = await refused([...args, '--session-timeout', '3s']);
  expect(error).toBe('error: the broker rejected session.timeout.ms 3000 (group.min.session.timeout.ms is higher)');
  expect(hint).toMatch(/^hint: pass --session-timeout 10s\b/);
});

test.each(commands)('$command ends when the group is full', async ({ args }) => {
  const [error, hint] = await refused(args);
  expect(error).toMatch(
    /^error: group '[^']+' is full: the broker limits the number of its members \(group\.max\.size\)$/,
  );
  expect(hint).toMatch(/^hint: pass fewer --members\b/);
});

test('counts and stress end when the broker does not offer the consumer protocol', async () => {
  const expected = [
    'error: the brokers do not support the consumer group protocol (KIP-848)',
    'hint: pass --group-protocol classic',
  ];
  expect(await refused(['counts', '-t', 'books', '--group-protocol', 'consumer'])).toEqual(expected);
  expect((await refused(['stress', '--protocol', 'consumer']))[0]).toBe(expected[0]);
});

test('counts ends when its user may not use the group', async () => {
  const [error, hint] = await refused(['counts', '-t', 'books', '--group', deniedGroup]);
  expect(error).toBe(`error: not authorized to describe group '${deniedGroup}'`);
  expect(hint).toContain(`hint: grant this user Describe on group '${deniedGroup}'`);
});

test('a refused group leaves nothing on the cluster', async () => {
  expect(await groupIdsOf(stock().connection)).toEqual([]);
});
