import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { discardGroups } from '../../src/kafka/kafkajs/discard-groups.ts';
import { runCli, startCli, untilOutput } from '../support/spawned.ts';
import { groupIdsOf } from '../support/groups.ts';
import { stockBrokerOfFile } from '../support/stock-broker.ts';
import { testCluster } from '../support/test-cluster.ts';
import { withAdmin } from '../workload/read-back.ts';

const stock = stockBrokerOfFile();
let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'stock-commands-'));
});
afterAll(async () => {
  await rm(folder, { recursive: true, force: true });
});

/** @returns stdout of a command that is given nothing but the stock broker, and must pass */
async function passes(command: string, ...args: readonly string[]): Promise<string> {
  const { code, stdout, stderr } = await runCli([command, '-b', stock().bootstrapServer, ...args]);
  expect(code, stderr + stdout).toBe(0);
  return stdout;
}

test('produce, counts and verify work with nothing but -b', async () => {
  const words = join(folder, 'words.tsv');
  await passes('produce', '-t', 'books', '--num-records', '50k');
  await passes('counts', '-t', 'books', '--format', 'tsv', '--output', words);
  expect(await passes('verify', '-t', 'books', '--counts', words)).toMatch(/^equal: /m);
});

test('bench works with nothing but -b, and reports the timeouts that it asked for', async () => {
  const json = join(folder, 'bench.json');
  const size = ['--repetitions', '1', '--warm-up', '0', '--num-records', '50k', '--work-us', '20'];
  const stdout = await passes('bench', '--members', '1,2', ...size, '--json', json);
  expect(stdout).toMatch(/^verified: 4 of 4 runs, every word$/m);
  const report = JSON.parse(await readFile(json, 'utf8')) as {
    readonly settings: unknown;
    readonly lanes: readonly { readonly consumerProperties: unknown }[];
  };
  expect(report.settings).toMatchObject({ sessionTimeoutMs: 45_000 });
  expect(report.lanes[0]?.consumerProperties).toMatchObject({
    'session.timeout.ms': 45_000,
    'heartbeat.interval.ms': 3_000,
    'max.poll.interval.ms': 300_000,
  });
});

test('run works with nothing but -b', async () => {
  const stdout = await passes('run', '--duration', '4s');
  expect(stdout).toMatch(/^verified: every word of A and B equals the reference$/m);
  expect(stdout).toMatch(/^A: history: \d+ checks passed, 0 failed/m);
});

test('stress works with nothing but -b, under every protocol', { timeout: 400_000 }, async () => {
  expect(await passes('stress', '--runs', '4', '--duration', '8s')).toMatch(/^passed: 4 of 4 runs/m);
});

test.each(['classic', 'consumer'] as const)(
  'counts names the members of a group that is in use under the %s protocol',
  async (groupProtocol) => {
    const { connection } = stock();
    const groupId = `used-${groupProtocol}`;
    const topic = { connection, topic: 'books', beginOffsets: [0, 0, 0, 0] };
    const { supervisor } = testCluster(topic, { groupId, groupProtocol, sessionTimeoutMs: 6_000 });
    supervisor.addMember();
    await supervisor.waitSettled({ timeoutMs: 60_000 });
    const { code, stderr } = await runCli([
      'counts',
      '-b',
      connection.bootstrapServers,
      '-t',
      'books',
      '--group',
      groupId,
    ]);
    expect(code).toBe(1);
    const assignor = groupProtocol === 'classic' ? 'range' : 'uniform';
    expect(stderr).toContain(
      `error: group '${groupId}' is in use: 1 member of the ${groupProtocol} protocol, assignor ${assignor}`,
    );
    expect(stderr).toContain(`, ${groupId}-0-`);
    expect(stderr).toMatch(/^hint: stop its members or pass another --group/m);
    await supervisor.stop('kill');
    expect(await discardGroups(connection, [groupId], 20_000)).toBeUndefined();
  },
);

test('Ctrl-C while members join leaves no group behind', async () => {
  const { bootstrapServer, connection } = stock();
  const { child, outcome } = startCli(['run', '-b', bootstrapServer, '--duration', '60s']);
  await untilOutput(child.stderr, /; topic /);
  child.kill('SIGINT');
  expect((await outcome).code).toBe(130);
  expect(await groupIdsOf(connection)).toEqual([]);
});

test('a group that --group names stays with its offsets', async () => {
  await passes('counts', '-t', 'books', '--group', 'kept');
  expect(await groupIdsOf(stock().connection)).toEqual(['kept']);
  await withAdmin(stock().connection, (admin) => admin.deleteGroup('kept'));
});

test('only the requested topic is left on the cluster', async () => {
  const { connection } = stock();
  const topics = await withAdmin(connection, (admin) => admin.topics());
  expect(topics.filter((topic) => !topic.startsWith('__'))).toEqual(['books']);
  expect(await groupIdsOf(connection)).toEqual([]);
});
