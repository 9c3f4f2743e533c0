import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { StressReportSchema } from '../../src/results/stress-report.ts';
import { sharedBrokers } from '../support/brokers.ts';
import { runCli, startCli, succeeds, untilOutput } from '../support/spawned.ts';

test('a short stress test with faults of all scopes passes, and reports how much it has tried', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'stress-'));
  try {
    const json = join(folder, 'report.json');
    const faults = 'crash,stall,cut-all,broker-kill,poison';
    const plan = ['--seed', '3', '--duration', '8s', '--protocol', 'consumer'];
    const args = ['stress', ...plan, '--faults', faults, '--json', json];
    const { stdout } = await succeeds(args);
    expect(stdout).toContain('passed: 1 of 1 run');
    const report = StressReportSchema.parse(JSON.parse(await readFile(json, 'utf8')));
    expect(report).toMatchObject({ verdict: 'passed', runs: 1, violationRateMax95: 1, protocols: { consumer: 1 } });
    expect(Object.keys(report.faults).every((kind) => faults.includes(kind))).toBe(true);
    expect(report.records).toBeGreaterThan(0);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
});

test('neither a replay nor another run of the same seed overwrites a kept history', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'stress-kept-'));
  const { bootstrapServers } = await sharedBrokers();
  const stress = (...args: string[]): Promise<unknown> =>
    succeeds(['stress', ...args, '-b', bootstrapServers], { cwd: folder });
  try {
    const few = ['--duration', '2s', '--members', '2', '--partitions', '2', '--rate', '500'];
    const seed = ['--seed', '5', '--protocol', 'range', '--faults', 'crash', ...few];
    await stress(...seed, '--history-dir', 'stress-history');
    const kept = join(folder, 'stress-history', 'stress-5-range.ndjson');
    const before = await readFile(kept);
    await Promise.all([stress('--replay', kept), stress(...seed), stress(...seed, '--history-dir', 'stress-history')]);
    expect(await readFile(kept)).toEqual(before);
    const names = await readdir(join(folder, 'stress-history'));
    expect(names.filter((name) => name !== 'stress-5-range.ndjson')).toHaveLength(1);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
});

test('a self-test runs the right program first, and a check catches the broken one', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'self-test-'));
  try {
    const json = join(folder, 'report.json');
    const args = ['stress', '--self-test', '--mutants', 'commits-ahead', '--runs', '3', '--json', json];
    await succeeds([...args, '--history-dir', folder]);
    const report = StressReportSchema.parse(JSON.parse(await readFile(json, 'utf8')));
    expect(report.control?.schedules).toBe(4);
    expect(report.mutants).toMatchObject([{ name: 'commits-ahead', caughtBy: 'commit-safety' }]);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
});

test('an unknown kind of fault is a usage error', async () => {
  const { code, stderr } = await runCli(['stress', '--faults', 'crash,flood']);
  expect(code).toBe(2);
  expect(stderr).toContain("'flood'");
});

test('a run whose faults have no target has no verdict', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'stress-faultless-'));
  try {
    const scenario = join(folder, 'faultless.yaml');
    await writeFile(scenario, 'duration: 2s\nfaults: [{ kind: broker-kill, at: 1s, for: 500ms }]\n');
    const args = ['stress', '--brokers', 'mock', '--scenario', scenario, '--history-dir', folder];
    const { code, stdout, stderr } = await runCli(args);
    expect(stderr).toContain('no verdict: no fault was injected: broker-kill skipped: no target');
    expect(stdout).toContain('could not run: 1 of 1 run ended without a verdict');
    expect(code).toBe(1);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
});

test('a run across processes that is interrupted while its processes start has no violation', async () => {
  const { child, outcome } = startCli(['stress', '--processes', '2', '--seed', '2']);
  await untilOutput(child.stderr, /ready after/);
  child.kill('SIGINT');
  const { code, stdout } = await outcome;
  expect(stdout).not.toContain('violated');
  expect(stdout).toContain('interrupted');
  expect(code).toBe(130);
});

test('a short run across processes passes: one is killed, one stopped, and every commit is exact', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'stress-processes-'));
  try {
    const json = join(folder, 'report.json');
    const plan = ['--processes', '2', '--seed', '2', '--duration', '6s', '--protocol', 'range', '--rate', '300'];
    const args = ['stress', ...plan, '--faults', 'process-kill,process-stop', '--history-dir', folder, '--json', json];
    const { bootstrapServers } = await sharedBrokers();
    await succeeds([...args, '-b', bootstrapServers]);
    const report = StressReportSchema.parse(JSON.parse(await readFile(json, 'utf8')));
    expect(report).toMatchObject({ verdict: 'passed', runs: 1, protocols: { range: 1 } });
    expect(Object.keys(report.faults).sort()).toEqual(['process-kill', 'process-stop']);
    expect(report.checks.map(({ id }) => id)).toEqual(['V6', 'V5', 'V8', 'end', 'V10']);
    const history = await readFile(join(folder, 'stress-2-range.ndjson'), 'utf8');
    expect(history.match(/"type":"committed"/g)?.length).toBeGreaterThan(10);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
});

test('faults of the other mode, and options without effect, are usage errors', async () => {
  const { code, stderr } = await runCli(['stress', '--processes', '2', '--faults', 'crash']);
  expect(code).toBe(2);
  expect(stderr).toContain('--faults crash is not possible with --processes');
  expect((await runCli(['stress', '--faults', 'process-kill'])).stderr).toContain('without --processes');
  expect((await runCli(['stress', '--processes', '2', '--scenario', 'zombie'])).code).toBe(2);
});
