import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { historyEntryOf } from '../../src/results/compare/history.ts';
import { seededRandom } from '../../src/seeded-random.ts';
import { sampleBench } from '../results/compare/sample-benches.ts';
import { rebalanceSection } from '../browser/paced-sections.ts';
import { sampleReport, sampleRun } from '../report/sample-report.ts';

const folder = mkdtempSync(join(tmpdir(), 'compare-'));
afterAll(() => {
  rmSync(folder, { recursive: true });
});

function run(args: readonly string[], env: Readonly<Record<string, string>> = {}) {
  const { status, stdout, stderr } = spawnSync(process.execPath, ['dist/cli.js', ...args], {
    encoding: 'utf8',
    env: { ...process.env, GITHUB_STEP_SUMMARY: '', ...env },
  });
  return { code: status, stdout, stderr };
}

function file(name: string, value: unknown): string {
  const path = join(folder, name);
  writeFileSync(path, typeof value === 'string' ? value : JSON.stringify(value));
  return path;
}

const random = seededRandom(1);
const good = file('good.json', sampleBench({ noise: 0.01, random }));
const again = file('again.json', sampleBench({ noise: 0.01, random }));
const slow = file('slow.json', sampleBench({ noise: 0.01, factor: 0.8, random }));
const wrong = file('wrong.json', sampleReport([sampleRun(1, 1, { verified: false })]));

test('report writes every format, and appends to the summary of a GitHub job', () => {
  const path = (name: string): string => join(folder, name);
  const summary = file('summary.md', 'before\n');
  const outputs = [
    '--html',
    path('r.html'),
    '--markdown',
    path('r.md'),
    '--csv',
    path('r.csv'),
    '--junit',
    path('r.xml'),
  ];
  const others = ['--bencher', path('r.bmf'), '--github-action-benchmark', path('gab')];
  const ended = run(['report', good, ...outputs, ...others], { GITHUB_STEP_SUMMARY: summary });
  expect(ended, ended.stderr).toMatchObject({ code: 0, stdout: '' });
  for (const name of [
    'r.html',
    'r.md',
    'r.csv',
    'r.xml',
    'r.bmf',
    'gab-bigger-is-better.json',
    'gab-smaller-is-better.json',
  ]) {
    expect(existsSync(path(name)), name).toBe(true);
  }
  expect(readFileSync(summary, 'utf8')).toBe(`before\n${readFileSync(path('r.md'), 'utf8')}`);
});

test('report --svg draws the owners of partitions, and rejects a report without them', () => {
  const svg = join(folder, 'owners.svg');
  const owners = file('owners.json', { ...sampleReport([sampleRun(1, 1)]), rebalance: rebalanceSection() });
  expect(run(['report', owners, '--svg', svg])).toMatchObject({ code: 0, stdout: '' });
  expect(readFileSync(svg, 'utf8')).toMatch(/^<svg\s/);
  // The page is made before the picture, the Markdown after it: neither is left behind.
  const others = [join(folder, 'none.html'), join(folder, 'none.md')] as const;
  const refused = run(['report', good, '--html', others[0], '--svg', svg, '--markdown', others[1]]);
  expect(refused).toMatchObject({ code: 2, stderr: expect.stringContaining('no results of rebalance') as string });
  expect(others.filter((path) => existsSync(path))).toEqual([]);
});

test('report without an option prints the table, and fails for a bench that counted wrong', () => {
  expect(run(['report', good])).toMatchObject({ code: 0, stderr: '' });
  expect(run(['report', wrong])).toMatchObject({ code: 3 });
});

test.each([
  ['the same', [good, again], 0],
  ['slower', [good, slow], 4],
  ['faster', [slow, good], 0],
  ['another limit', [good, slow, '--max-regression', '40%'], 0],
  ['wrong counts', [good, wrong], 3],
  ['one report alone', [good], 2],
  ['no report', [good, file('no.json', '{}')], 1],
  ['no JSON', [good, file('text.json', 'x')], 1],
  ['no file', [good, '/no/such/file'], 1],
  ['no share', [good, again, '--max-regression', 'much'], 2],
])('compare: %s', (_, args, code) => {
  const ended = run(['compare', ...args]);
  expect(ended, ended.stderr).toMatchObject({ code });
});

test('compare rejects reports without a common figure in one line', () => {
  const one = file('one.json', sampleBench({ noise: 0.01, random, members: [1] }));
  const others = file('others.json', sampleBench({ noise: 0.01, random, members: [2, 4] }));
  const paced = file('paced.json', sampleReport([]));
  for (const args of [
    [one, others],
    [one, one, '--across-machines'],
    [paced, paced],
  ]) {
    const ended = run(['compare', ...args]);
    expect(ended).toMatchObject({ code: 1, stdout: '' });
    expect(ended.stderr).toMatch(/^error: nothing to compare: /);
    expect(ended.stderr).not.toContain('noise');
  }
});

test('compare reads a report that version 0.1 wrote', () => {
  const report = 'test/fixtures/report/work-0.1.json';
  const ended = run(['compare', report, report, '--across-machines']);
  expect(ended.stdout).toContain('the independent unit is one repetition (3 before, 3 after)');
  expect([0, 5]).toContain(ended.code);
});

test('compare --accept: a slower bench fails once, and is the new level after it was accepted', () => {
  const day = (index: number) => new Date(Date.UTC(2025, 1, index + 1)).toISOString();
  const line = (factor: number, index: number) => sampleBench({ noise: 0.01, factor, random, startedAt: day(index) });
  const lines = Array.from({ length: 8 }, (_, index) => `${JSON.stringify(historyEntryOf(line(1, index)))}\n`);
  const history = file('accepted.ndjson', lines.join(''));
  const [slower, later, worse] = [line(0.8, 9), line(0.8, 10), line(0.6, 11)];
  const compare = (report: typeof slower, ...more: string[]) =>
    run(['compare', file('latest.json', report), '--history', history, ...more]).code;
  expect(compare(slower)).toBe(4);
  expect(compare(slower, '--accept')).toBe(0);
  expect(readFileSync(history, 'utf8').trim().split('\n')).toHaveLength(10);
  expect(compare(later)).toBe(0);
  expect(compare(worse)).toBe(4);
  expect(run(['compare', good, again, '--accept'])).toMatchObject({ code: 2 });
  expect(run(['report', good, '--html', join(folder, 'h.html'), '--history', history])).toMatchObject({ code: 0 });
});

test('compare with a history prints JSON', () => {
  const entries = Array.from({ length: 8 }, (_, index) =>
    historyEntryOf(
      sampleBench({ noise: 0.01, random, startedAt: new Date(Date.UTC(2025, 0, index + 1)).toISOString() }),
    ),
  );
  const history = file('history.ndjson', entries.map((entry) => `${JSON.stringify(entry)}\n`).join(''));
  const passed = run(['compare', again, '--history', history, '--json', '-']);
  expect(passed, passed.stderr).toMatchObject({ code: 0 });
  expect(JSON.parse(passed.stdout)).toMatchObject({ kind: 'comparison', method: 'history', verdict: 'passed' });
  expect(run(['compare', slow, '--history', history])).toMatchObject({ code: 4 });
});
