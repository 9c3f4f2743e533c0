import { randomUUID } from 'node:crypto';
import { existsSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Connection } from '../../src/config/connection.ts';
import { Admin } from '../../src/kafka/kafkajs/admin.ts';
import { withOperator } from '../../src/kafka/kafkajs/operator.ts';
import { seededRandom } from '../../src/seeded-random.ts';
import { parseCountsFile } from '../../src/workload/counts-file.ts';
import { naiveCount } from '../count/naive-count.ts';
import { fillTopic, type Value } from '../kafka/native/test-group.ts';
import { sharedBrokers, withBrokers } from '../support/brokers.ts';
import { emptyTopic } from '../support/empty-topic.ts';
import { eventually } from '../support/eventually.ts';
import { runCli, startCli, untilOutput, type CliProcess, type StartOptions } from '../support/spawned.ts';

let connection: Connection;
let admin: Admin;
let folder: string;
beforeAll(async () => {
  connection = await sharedBrokers();
  admin = await Admin.connect(connection, { timeoutMs: 20_000 });
  folder = mkdtempSync(join(tmpdir(), 'follow-'));
});
afterAll(() => admin.close());

const onBrokers = (): string[] => ['-b', connection.bootstrapServers];
const follow = (topic: string, args: readonly string[], options?: StartOptions): CliProcess =>
  startCli(['counts', '-t', topic, ...onBrokers(), '--follow', ...args], options);
const verify = (topic: string, file: string): ReturnType<typeof runCli> =>
  runCli(['verify', '-t', topic, '--counts', file, ...onBrokers()]);

/** Resolves when the group has committed these offsets, one a partition; it counts before it commits. */
async function committed(groupId: string, topic: string, offsets: readonly number[], by = admin): Promise<void> {
  const reached = async (): Promise<boolean> => {
    const found = await by.committedOffsets(groupId, topic);
    return offsets.every((offset, at) => found.some((one) => one.partition === at && one.offset === offset));
  };
  await eventually(`${groupId} has committed ${offsets.join()}`, reached, 60_000);
}

const vocabulary = ['the', 'The', 'whale', 'Straße', 'ÉCOLE', 'naïve', 'Привет', '東京', 'a_b', 'x1', '42', 'ﬀ', 'İ'];
const separators = [' ', ', ', '-', '\t', '…', ' 🐋 '];

/** Random values of several scripts; some are empty or null. */
function randomValues(random: () => number, count: number): Value[] {
  const below = (end: number): number => Math.floor(random() * end);
  const pick = (texts: readonly string[]): string => texts[below(texts.length)] ?? '';
  return Array.from({ length: count }, () => {
    const words = Array.from({ length: below(12) }, () => pick(vocabulary) + pick(separators));
    return below(10) === 0 ? null : new TextEncoder().encode(words.join(''));
  });
}

const valuesOf = (values: readonly Value[]) => values.filter((value) => value !== null);

test('counts new records and new partitions through a crash, until SIGINT, and verify agrees', async () => {
  const topic = await emptyTopic(connection, 2);
  const groupId = `follow-${topic}`;
  const [file, crashFile] = [join(folder, 'crash.tsv'), join(folder, 'crash-now')];
  const random = seededRandom(1);
  const [before, during, after] = [700, 500, 300].map((count) => randomValues(random, count)) as [
    Value[],
    Value[],
    Value[],
  ];
  await fillTopic(connection, topic, [before, []]);
  const fixture = pathToFileURL('test/fixtures/crash-on-request.js').href;
  const { child, outcome } = follow(topic, ['--group', groupId, '--format', 'tsv', '-o', file], {
    env: { ...process.env, NODE_OPTIONS: `--import=${fixture}`, CRASH_FILE: crashFile },
  });
  await committed(groupId, topic, [700]);

  const bothJoined = async (): Promise<boolean> => (await admin.describeGroup(groupId))?.members.length === 2;
  await eventually('both members have joined', bothJoined);
  const second = await runCli(['counts', '-t', topic, ...onBrokers(), '--follow', '--group', groupId]);
  expect(second.code).toBe(1);
  expect(second.stderr).toMatch(/^error: group 'follow-.*' is in use: 2 members/);

  const crashed = untilOutput(child.stderr, /^member \d crashed$/m);
  writeFileSync(crashFile, '');
  await fillTopic(connection, topic, [[], during]);
  await crashed;
  await withOperator(connection, 60_000, (operator) => operator.addPartitions(topic, 3));
  await fillTopic(connection, topic, [[], [], after]);
  await committed(groupId, topic, [700, 500, 300]);

  child.kill('SIGINT');
  const { code, stdout, stderr } = await outcome;
  expect(stderr).toMatch(/^the topic now has 3 partitions$/m);
  // The lag is unknown when a broker did not report the end offsets in time.
  expect(stderr).toMatch(new RegExp(`^${topic}: 1,500 records counted in \\d+:\\d\\d, lag (0|unknown)$`, 'm'));
  expect([code, stdout]).toEqual([0, '']);
  const { counts, coverage } = parseCountsFile(readFileSync(file, 'utf8'), file);
  expect(new Map(counts)).toEqual(naiveCount(valuesOf([...before, ...during, ...after]), 'unicode'));
  expect(coverage?.ranges).toEqual(
    [700, 500, 300].map((records, partition) => ({ partition, begin: 0, end: records, records })),
  );
  expect(await verify(topic, file)).toMatchObject({ code: 0 });
});

test('SIGTERM under load prints the counts of exactly the offsets that it names', async () => {
  const topic = await emptyTopic(connection, 4);
  const file = join(folder, 'load.json');
  const produced = startCli(['produce', '-t', topic, ...onBrokers(), '--num-records', '1m', '--rate', '20000']);
  const groupId = `follow-${topic}`;
  const { child, outcome } = follow(topic, ['--group', groupId, '--format', 'json', '-o', file]);
  const counted = async (): Promise<boolean> => {
    const offsets = await admin.committedOffsets(groupId, topic);
    return offsets.length === 4 && offsets.every(({ offset }) => (offset ?? 0) > 2_000);
  };
  await eventually('it counts all partitions', counted, 60_000);
  child.kill('SIGTERM');
  const { code, stderr } = await outcome;
  expect(code, stderr).toBe(0);
  produced.child.kill('SIGINT');
  await produced.outcome;
  const { code: verdict, stdout, stderr: words } = await verify(topic, file);
  expect(verdict, words).toBe(0);
  expect(stdout).toMatch(/^equal: /);
  expect(words).toMatch(/offsets were added after/);
});

test('--duration ends it with the counts of an empty topic, and --static-membership leaves no member', async () => {
  const topic = await emptyTopic(connection, 1);
  const groupId = `follow-${randomUUID()}`;
  // Long enough for the members to join; on a slower machine the group may never exist.
  const args = ['--duration', '10s', '--format', 'json', '--group', groupId, '--static-membership'];
  const { code, stdout, stderr } = await follow(topic, args).outcome;
  expect(code, stderr).toBe(0);
  expect(JSON.parse(stdout)).toMatchObject({ topic, records: 0, ranges: [{ begin: 0, end: 0 }], counts: [] });
  expect((await admin.describeGroup(groupId))?.members ?? []).toEqual([]);
});

test('a deleted topic ends it with an error, after the words that were counted', async () => {
  const topic = await emptyTopic(connection, 1);
  const values = randomValues(seededRandom(2), 10);
  await fillTopic(connection, topic, [values]);
  const file = join(folder, 'deleted.tsv');
  const groupId = `follow-${topic}`;
  const { outcome } = follow(topic, ['--group', groupId, '-o', file, '--format', 'tsv']);
  await committed(groupId, topic, [10]);
  await admin.deleteTopic(topic);
  const { code, stdout, stderr } = await outcome;
  expect([code, stdout]).toEqual([1, '']);
  expect(stderr).toMatch(/^error: topic 'test-.*' was deleted/m);
  const { counts, coverage } = parseCountsFile(readFileSync(file, 'utf8'), file);
  expect(new Map(counts)).toEqual(naiveCount(valuesOf(values), 'unicode'));
  expect(coverage?.ranges).toEqual([{ partition: 0, begin: 0, end: 10, records: 10 }]);
});

test('brokers that do not respond cost no counts; a second Ctrl-C ends it at once, without counts', async () => {
  await withBrokers(async (brokers) => {
    const topic = await emptyTopic(brokers.connection, 1);
    const values = randomValues(seededRandom(3), 100);
    await fillTopic(brokers.connection, topic, [values]);
    const observer = await Admin.connect(brokers.connection, { timeoutMs: 20_000 });
    const start = async (groupId: string, ...args: readonly string[]) => {
      const file = join(folder, `${groupId}.tsv`);
      const on = ['-b', brokers.connection.bootstrapServers, '--group', groupId, '-o', file, '--format', 'tsv'];
      const started = startCli(['counts', '-t', topic, ...on, '--follow', ...args]);
      await committed(groupId, topic, [100], observer);
      return { ...started, file };
    };
    const impatient = await start('impatient');
    const patient = await start('patient', '--static-membership');
    const durable = await start('durable', '--durable');
    await observer.close();
    for (const { nodeId } of brokers.nodes) brokers.pause(nodeId);
    const leaving = untilOutput(impatient.child.stderr, /^the members are leaving the group; Ctrl-C again/m);
    for (const { child } of [impatient, patient, durable]) child.kill('SIGINT');
    await leaving;
    impatient.child.kill('SIGINT');
    expect(await impatient.outcome).toMatchObject({ code: 130, stdout: '' });
    expect(existsSync(impatient.file)).toBe(false);
    for (const { outcome, file } of [patient, durable]) {
      const { code, stderr } = await outcome;
      expect(code, stderr).toBe(0);
      const { counts } = parseCountsFile(readFileSync(file, 'utf8'), file);
      expect(new Map(counts)).toEqual(naiveCount(valuesOf(values), 'unicode'));
    }
    // Static members may end before the program knows that the brokers do not respond.
    expect((await durable.outcome).stderr).toMatch(
      /^the brokers do not respond: the members end without leaving the group; .* since their last commits will be counted again$/m,
    );
  });
});
