import { getEventListeners } from 'node:events';
import { mkdtempSync, readdirSync } from 'node:fs';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Kafka, logLevel } from 'kafkajs';
import { afterAll, beforeAll, expect, onTestFinished, test, vi } from 'vitest';
import {
  bench,
  produce,
  startBrokers,
  startGroup,
  stress,
  type Brokers,
  type BenchmarkOptions,
  type StressedRun,
  type StressOptions,
} from '../../src/library/library.ts';
import { eventually } from '../support/eventually.ts';
import { groupIdsOf } from '../support/groups.ts';

/** Only this file's, so that topics and groups on them are those of its benches. */
let brokers: Brokers;

beforeAll(async () => {
  brokers = await startBrokers();
});

afterAll(() => brokers.stop());

function groupIds(): Promise<string[]> {
  return groupIdsOf({ bootstrapServers: brokers.bootstrapServers, source: 'managed', properties: {} });
}

/** What a bench could leave on brokers that stay: its topics and its groups. */
async function benchNames(): Promise<string[]> {
  const admin = new Kafka({ brokers: brokers.bootstrapServers.split(','), logLevel: logLevel.NOTHING }).admin();
  await admin.connect();
  const topics = await admin.listTopics();
  await admin.disconnect();
  return [...topics, ...(await groupIds())].filter((name) => name.startsWith('bench-'));
}

const quick: BenchmarkOptions = { records: 50_000, members: [1, 2], repetitions: 1, warmUps: 0, workUs: 20 };

test('bench measures and verifies each number of members, and deletes its topic and its groups', async () => {
  const lines: string[] = [];
  const report = await bench({ ...quick, brokers, onProgress: (line) => lines.push(line) });
  expect(report).toMatchObject({ kind: 'bench', status: 'complete', verdict: { verified: true, runs: 4 } });
  expect(report.runs.map(({ lane, members }) => `${lane} ${members}`).sort()).toEqual([
    ...['drain 1', 'drain 2', 'work 1', 'work 2'],
  ]);
  expect(report.workload).toMatchObject({ records: 50_000, partitions: 4 });
  expect(lines.filter((line) => line.startsWith('[')).length).toBe(4);
  expect(await benchNames()).toEqual([]);
});

test('an aborted bench rejects with the reason of the signal and deletes what it created', async () => {
  const stop = new AbortController();
  const benching = bench({
    ...{ ...quick, brokers, lanes: ['drain'], repetitions: 1_000, signal: stop.signal },
    onProgress: (line) => {
      if (/^\[ *2\//.test(line)) stop.abort('enough');
    },
  });
  await expect(benching).rejects.toBe('enough');
  expect(await benchNames()).toEqual([]);
});

test('an aborted start of a group rejects with the reason of the signal, and leaves no group', async () => {
  const topic = 'aborted';
  await produce({ brokers, topic, records: 1_000 });
  expect(await groupIds()).toEqual([]);
  const stop = new AbortController();
  const starting = startGroup({ brokers, topic, signal: stop.signal });
  const refused = expect(starting).rejects.toBe('enough');
  setTimeout(() => {
    stop.abort('enough');
  }, 300);
  await refused;
  expect(getEventListeners(stop.signal, 'abort')).toEqual([]);
  expect(await groupIds()).toEqual([]);
});

test('stress breaks separate brokers, reports every run and keeps the histories that are asked for', async () => {
  const historyFolder = mkdtempSync(join(tmpdir(), 'histories-'));
  const runs: StressedRun[] = [];
  const report = await stress({
    ...{ seed: 3, durationMs: 6_000, faults: ['crash', 'broker-kill'], historyFolder },
    onRun: (run) => runs.push(run),
  });
  expect(report).toMatchObject({ verdict: 'passed', runs: 1, seed: 3 });
  const [run] = runs;
  expect(run).toMatchObject({ seed: 3, error: undefined, violations: [] });
  expect(run?.faults.length).toBe(Object.values(report.faults).reduce((sum, count) => sum + count, 0));
  expect(readdirSync(historyFolder).map((name) => join(historyFolder, name))).toEqual([run?.historyFile]);
});

test('an aborted stress test rejects with the reason of the signal', async () => {
  const stop = new AbortController();
  const folder = mkdtempSync(join(tmpdir(), 'stress-'));
  // Both are only this test's: stress runs of other tests keep theirs elsewhere.
  const home = process.cwd();
  process.chdir(folder);
  vi.stubEnv('TMPDIR', folder);
  onTestFinished(() => {
    process.chdir(home);
    vi.unstubAllEnvs();
  });
  const stressing = stress({
    signal: stop.signal,
    onProgress: () => {
      stop.abort('enough');
    },
  });
  await expect(stressing).rejects.toBe('enough');
  // The folder of this user's processes stays, for the next one.
  const left = readdirSync(folder).filter((name) => name !== `consumer-cluster-${String(userInfo().uid)}`);
  expect(left).toEqual([]);
});

test.each([
  [bench, { members: [0] }, 'members: 0 is not a whole number from 1 to 64'],
  [bench, { lanes: ['latency'] }, "lanes: 'latency' is not one of drain, work"],
  [stress, { faults: ['earthquake'] }, "faults: 'earthquake' is not one of crash,"],
  [stress, { brokers: 'localhost:9', faults: ['crash', 'cut-one'] }, 'faults: cut-one: not possible on existing'],
  [stress, { durationMs: 1 }, 'durationMs: 1 is not a whole number from 2000 to 600000'],
])('%o rejects %j', async (run, options, message) => {
  const running = run(options as BenchmarkOptions & StressOptions);
  await expect(running).rejects.toMatchObject({ name: 'ClusterError', code: 'usage' });
  await expect(run(options as BenchmarkOptions & StressOptions)).rejects.toThrow(message);
});

test('brokers that fail end what uses them, with their failure', async () => {
  const own = await startBrokers({ nodes: 1 });
  onTestFinished(() => own.stop());
  const threads = (): number => process.getActiveResourcesInfo().filter((name) => name === 'MessagePort').length;
  const before = threads();
  let [delivered, calls] = [0, 0];
  const producing = produce({
    ...{ brokers: own, topic: 'endless', rate: 1_000 },
    onProgress: (records) => {
      delivered = records;
      calls += 1;
    },
  });
  const benching = bench({ ...quick, brokers: own, lanes: ['work'], members: [1], workUs: 10_000 });
  const failure = { code: 'environment', message: expect.stringContaining('no broker is running') as string };
  const refused = [producing, benching].map((promise) => expect(promise).rejects.toMatchObject(failure));
  const connection = { bootstrapServers: own.bootstrapServers, source: 'managed', properties: {} } as const;
  await eventually('both work', async () => delivered > 0 && (await groupIdsOf(connection)).length > 0);
  expect(threads()).toBeGreaterThan(before);
  for (const { pid, role } of own.nodes) if (role === 'broker') process.kill(pid, 'SIGKILL');
  await Promise.all(refused);
  await eventually('no member is left', () => threads() === before, 40_000);
  const last = calls;
  await sleep(500);
  expect(calls).toBe(last);
});
