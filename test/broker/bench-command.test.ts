import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { benchReport, type BenchReport } from '../../src/results/schema.ts';
import type { Connection } from '../../src/config/connection.ts';
import { Admin } from '../../src/kafka/kafkajs/admin.ts';
import { benchProcess } from '../benchmark/bench-process.ts';
import { sharedBrokers } from '../support/brokers.ts';
import { fillTopic } from '../support/filled-topic.ts';

const folder = mkdtempSync(join(tmpdir(), 'bench-'));
/** How far test/fixtures/jumping-clock.js jumps. */
const jumpMs = 3_600_000;
let connection: Connection;
beforeAll(async () => {
  connection = await sharedBrokers();
});
afterAll(() => {
  rmSync(folder, { recursive: true });
});

const onBrokers = (): string[] => ['--bootstrap-server', connection.bootstrapServers];

/** Topics that the bench has left: other tests have benches, too. */
async function topicsLeft({ workload }: BenchReport): Promise<readonly string[]> {
  const prefix = /^bench-[0-9a-f]{8}-/.exec(workload.topic)?.[0] ?? expect.fail(`not a new topic: ${workload.topic}`);
  const admin = await Admin.connect(connection, { timeoutMs: 20_000 });
  try {
    return (await admin.topics()).filter((topic) => topic.startsWith(prefix));
  } finally {
    await admin.close();
  }
}

test('a bench of both lanes prints a table and a report, and leaves nothing on the brokers', async () => {
  const json = join(folder, 'report.json');
  const lanes = ['--members', '1,5', '--repetitions', '2', '--num-records', '40k', '--work-us', '2000'];
  const ended = await benchProcess([...onBrokers(), ...lanes, '--json', json]);
  expect(ended, ended.stderr).toMatchObject({ code: 0 });
  expect(ended.stdout).toMatch(/^verified: 9 of 9 runs, every word\n/);
  const report: BenchReport = benchReport.parse(JSON.parse(readFileSync(json, 'utf8')));
  expect(report.verdict).toEqual({ verified: true, runsVerified: 9, runs: 9, runsPlanned: 9 });
  expect(report.scaling.map(({ lane, members, runs }) => [lane, members, runs])).toEqual(
    ['drain', 'work'].flatMap((lane) => [1, 5].map((members) => [lane, members, 2])),
  );
  expect(report.runs.filter(({ warmUp }) => warmUp)).toHaveLength(1);
  expect(await topicsLeft(report)).toEqual([]);
});

test('--json - prints the report alone, and the same seed repeats the order', async () => {
  const few = [
    '--members',
    '1,2,3',
    '--repetitions',
    '1',
    '--num-records',
    '5k',
    '--lane',
    'drain',
    '--warm-up',
    '0',
    '--json',
    '-',
  ];
  const orderOf = async (seed: string): Promise<number[]> => {
    const ended = await benchProcess([...onBrokers(), ...few, '--quiet', '--seed', seed]);
    expect(ended, ended.stderr).toMatchObject({ code: 0, stderr: '' });
    return benchReport.parse(JSON.parse(ended.stdout)).runs.map(({ members }) => members);
  };
  const orders = [await orderOf('1'), await orderOf('1'), await orderOf('4')];
  expect(orders[0]).toEqual(orders[1]);
  expect(orders[2]).not.toEqual(orders[0]);
});

test('an existing topic of three partitions is measured as it is, and stays', async () => {
  const { topic, reference } = await fillTopic(connection, { records: 200_000, partitions: 3 });
  const few = ['--topic', topic, '--members', '1,4', '--repetitions', '1', '--lane', 'drain', '--json', '-'];
  const ended = await benchProcess([...onBrokers(), ...few]);
  expect(ended, ended.stderr).toMatchObject({ code: 0 });
  const report = benchReport.parse(JSON.parse(ended.stdout));
  const { records, words } = reference;
  expect(report.workload).toMatchObject({ topic, partitions: 3, records, words, reference: 'recounted' });
  expect(report.scaling.at(-1)?.assignment).toEqual([[0], [1], [2], []]);
  const admin = await Admin.connect(connection, { timeoutMs: 20_000 });
  expect(await admin.topic(topic)).toBeDefined();
  await admin.close();
});

test('Ctrl-C: finished runs are shown as partial, exit code 130, nothing left on the brokers', async () => {
  const many = ['--members', '1,2', '--repetitions', '50', '--num-records', '5k', '--lane', 'drain'];
  const json = join(folder, 'partial.json');
  const ended = await benchProcess([...onBrokers(), ...many, '--json', json], (piece, child) => {
    if (piece.includes('[  3/101]')) child.kill('SIGINT');
  });
  expect(ended, ended.stderr).toMatchObject({ code: 130 });
  expect(ended.stdout).toMatch(/^verified: \d+ of \d+ runs, every word\npartial: interrupted after \d+ of 101 runs\n/);
  const report = benchReport.parse(JSON.parse(readFileSync(json, 'utf8')));
  expect(report.status).toBe('interrupted');
  expect(report.verdict).toMatchObject({ verified: false, runsPlanned: 101, runs: report.runs.length });
  expect(report.runs.length).toBeGreaterThanOrEqual(3);
  expect(await topicsLeft(report)).toEqual([]);
});

test('a wall clock that is changed during a run changes no figure', async () => {
  const json = join(folder, 'jumping.json');
  const few = ['--members', '1,2', '--repetitions', '1', '--num-records', '50k', '--lane', 'drain,latency'];
  const paced = ['--rate', '2000', '--duration', '3s', '--json', json];
  const clock = pathToFileURL('test/fixtures/jumping-clock.js').href;
  const ended = await benchProcess([...onBrokers(), ...few, ...paced], undefined, {
    NODE_OPTIONS: `--import=${clock}`,
  });
  expect(ended, ended.stderr).toMatchObject({ code: 0 });
  const report = benchReport.parse(JSON.parse(readFileSync(json, 'utf8')));
  const runsMs = report.runs.reduce((sum, { joinMs, durationMs }) => sum + joinMs + durationMs, 0);
  expect(report.elapsedMs).toBeGreaterThan(runsMs);
  expect(report.elapsedMs).toBeLessThan(jumpMs);
  for (const { durationMs, joinMs } of report.runs) expect(Math.max(durationMs, joinMs)).toBeLessThan(jumpMs);
  for (const { correctedMs } of report.latency?.runs ?? []) expect(correctedMs.max).toBeLessThan(jumpMs);
  // The program reads its own report.
  const compared = spawnSync(process.execPath, ['dist/cli.js', 'compare', json, json]);
  expect([0, 5]).toContain(compared.status);
});

test.each([
  [['--topic', 'no-such-topic'], 1, "topic 'no-such-topic' does not exist"],
  [['--topic', 't', '--num-records', '5'], 2, '--num-records'],
  [['--members', '0'], 2, '--members'],
  [['--lane', 'swim'], 2, '--lane'],
  [['--input', '/no/such/file'], 1, '/no/such/file'],
  [['--json', '/no/such/folder/report.json'], 1, '/no/such/folder/report.json'],
])('bad input: %j', async (args, code, message) => {
  const ended = await benchProcess([...onBrokers(), ...args]);
  expect(ended).toMatchObject({ code, stdout: '' });
  expect(ended.stderr).toContain(message);
});
