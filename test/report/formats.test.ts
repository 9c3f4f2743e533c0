import { XMLParser } from 'fast-xml-parser';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { renderBencher } from '../../src/report/formats/bencher.ts';
import { renderGithubActionBenchmark } from '../../src/report/formats/github-action-benchmark.ts';
import { renderJunit } from '../../src/report/formats/junit.ts';
import { renderMarkdown } from '../../src/report/formats/markdown.ts';
import { renderPerfTestCsv } from '../../src/benchmark/experiments/throughput/perf-test-csv.ts';
import { fullReport } from '../browser/full-report.ts';
import { sampleReport, sampleRun } from './sample-report.ts';

const seed = Number(process.env['TEST_SEED'] ?? 1);
const full = fullReport();
const runs = [1, 2, 4].flatMap((members) => [1, 2].map((repetition) => sampleRun(members, repetition)));
const report = sampleReport([sampleRun(4, 0, { warmUp: true }), ...runs]);
const point = report.scaling.find(({ members }) => members === 4);

/** The input that github-action-benchmark accepts for custom tools. */
const actionEntries = z.array(
  z.strictObject({
    name: z.string(),
    unit: z.string(),
    value: z.number(),
    range: z.string().optional(),
    extra: z.string().optional(),
  }),
);

test('github-action-benchmark: each file has one direction, each metric is in one file, names are unique', () => {
  const bigger = actionEntries.parse(JSON.parse(renderGithubActionBenchmark(report, 'bigger') ?? ''));
  const smaller = actionEntries.parse(JSON.parse(renderGithubActionBenchmark(report, 'smaller') ?? ''));
  const names = [...bigger, ...smaller].map(({ name }) => name);
  expect(new Set(names).size).toBe(5 * 3 + 1);
  expect(bigger.find(({ name }) => name === 'work, 4 members: records per second')?.value).toBe(
    point?.recordsPerSecond,
  );
  expect(smaller.find(({ name }) => name === 'work, 1 member: CPU time per record')?.value).toBe(2.5);
  expect(bigger.map(({ name }) => name).join()).not.toMatch(/time|memory/);
});

/**
 * The ratios that github-action-benchmark compares with its alert threshold (src/extract.ts,
 * src/write.ts). An empty list is an error, and a denominator of 0 makes the ratio infinite.
 */
function alertRatios(before: string, after: string, better: 'bigger' | 'smaller'): number[] {
  const [was, is] = [before, after].map((json) => actionEntries.min(1).parse(JSON.parse(json)));
  return (is ?? []).flatMap(({ name, value }) => {
    const last = was?.find((entry) => entry.name === name);
    if (last === undefined) return [];
    if (last.value === 0 && value === 0) return [1];
    return [better === 'bigger' ? last.value / value : value / last.value];
  });
}

test.each(['bigger', 'smaller'] as const)(
  'github-action-benchmark: metrics of 0 yield neither an empty list nor an infinite ratio, %s',
  (better) => {
    const { rebalance } = full;
    if (rebalance === undefined) throw new Error('the full report has all sections');
    const rows = (refetched: number, p50: number) => ({
      ...full,
      scaling: [],
      latency: undefined,
      rebalance: { ...rebalance, rows: rebalance.rows.map((row) => ({ ...row, refetched, gapsMs: { p50, max: 9 } })) },
    });
    const none = renderGithubActionBenchmark(rows(0, 0), better) ?? '';
    const some = renderGithubActionBenchmark(rows(70, 3), better) ?? '';
    for (const ratio of [...alertRatios(none, some, better), ...alertRatios(some, none, better)]) {
      expect(ratio).toBeGreaterThan(0);
      expect(ratio).toBeLessThan(Infinity);
    }
  },
);

test('Bencher Metric Format: each value is within its bounds', () => {
  const measure = z.record(
    z.string().regex(/^[a-z0-9-]+$/),
    z.strictObject({ value: z.number(), lower_value: z.number().optional(), upper_value: z.number().optional() }),
  );
  const benchmarks = z.record(z.string(), measure).parse(JSON.parse(renderBencher(report)));
  expect(Object.keys(benchmarks)).toEqual(['work/1-members', 'work/2-members', 'work/4-members']);
  for (const { value, lower_value: low = value, upper_value: high = value } of Object.values(benchmarks).flatMap(
    (measures) => Object.values(measures),
  )) {
    expect(low).toBeLessThanOrEqual(value);
    expect(high).toBeGreaterThanOrEqual(value);
  }
  expect(benchmarks['work/4-members']?.['throughput']?.value).toBe(point?.recordsPerSecond);
});

test('kafka-consumer-perf-test: same header, one line per measured run, consistent columns', () => {
  const [header, ...lines] = renderPerfTestCsv(report).trimEnd().split('\n');
  expect(header?.split(', ')).toEqual([
    'start.time',
    'end.time',
    'data.consumed.in.MB',
    'MB.sec',
    'data.consumed.in.nMsg',
    'nMsg.sec',
    'rebalance.time.ms',
    'fetch.time.ms',
    'fetch.MB.sec',
    'fetch.nMsg.sec',
  ]);
  expect(lines).toHaveLength(runs.length);
  for (const line of lines) {
    const [start = '', end = '', ...numbers] = line.split(', ');
    expect(start).toMatch(/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d:\d{3}$/);
    const ms = (text: string): number => Date.parse(`${text.replace(' ', 'T').replace(/:(\d{3})$/, '.$1')}Z`);
    const [, , records = NaN, , joinMs = NaN, fetchMs = NaN, , fetchRate] = numbers.map(Number);
    expect(ms(end) - ms(start)).toBeCloseTo(joinMs + fetchMs, -1);
    expect(fetchRate).toBeCloseTo((1_000 * records) / fetchMs, 0);
  }
});

test('metrics include each latency and each rebalance once', () => {
  const figures = (['bigger', 'smaller'] as const).flatMap((better) =>
    actionEntries.parse(JSON.parse(renderGithubActionBenchmark(full, better) ?? '')),
  );
  const named = new Map(figures.map(({ name, value }) => [name, value]));
  expect(named.size).toBe(figures.length);
  const zeros = full.rebalance?.rows.filter(({ refetched }) => refetched === 0).length ?? 0;
  const [latency] = full.latency?.points ?? [];
  const [row] = full.rebalance?.rows ?? [];
  expect(named.get('latency, 1 member: latency p99')).toBe(latency?.correctedMs.p99);
  const change = `${row?.cause} ${row?.fromMembers} to ${row?.toMembers}`;
  expect(named.get(`rebalance, ${row?.protocol}, ${change}: longest gap`)).toBe(row?.gapsMs.max);
  const bencher = JSON.parse(renderBencher(full)) as Record<string, Record<string, { value: number }>>;
  expect(bencher[`rebalance/${row?.protocol}/${change.replaceAll(' ', '-')}`]?.['gap-max-ms']?.value).toBe(
    row?.gapsMs.max,
  );
  // Bencher lacks the share of verified runs but includes metrics of 0.
  expect(Object.values(bencher).flatMap(Object.keys)).toHaveLength(figures.length - 1 + zeros);
});

/** Returns attributes under `@name`. */
const parser = new XMLParser({
  ignoreAttributes: false,
  attributeNamePrefix: '@',
  isArray: (name) => name === 'testsuite' || name === 'testcase',
});

interface Junit {
  readonly testsuites: {
    readonly testsuite: readonly {
      readonly '@name': string;
      readonly '@tests': string;
      readonly '@failures': string;
      readonly '@errors': string;
      readonly testcase: readonly { readonly '@name': string; readonly failure?: unknown; readonly error?: unknown }[];
    }[];
  };
}

test(`JUnit: well-formed for any differences, with one failure per run with wrong counts (seed ${seed})`, () => {
  fc.assert(
    fc.property(fc.array(fc.string({ unit: 'binary' }), { minLength: 1, maxLength: 3 }), (differences) => {
      const xml = renderJunit(sampleReport([...runs, sampleRun(5, 1, { verified: false, differences })]));
      // Throws if the text is malformed. Its successor is a separate package without a parser.
      // eslint-disable-next-line @typescript-eslint/no-deprecated
      const [suite] = (parser.parse(xml, true) as Junit).testsuites.testsuite;
      expect(suite).toMatchObject({ '@tests': '7', '@failures': '1', '@errors': '0' });
      expect(suite?.testcase.filter(({ failure }) => failure !== undefined).map((test) => test['@name'])).toEqual([
        '5 members, repetition 1',
      ]);
    }),
    { seed, numRuns: 50 },
  );
});

test('JUnit: the latency and rebalance suites report runs with wrong counts as failures', () => {
  const failures = (given: typeof full): Record<string, string>[] =>
    (parser.parse(renderJunit(given)) as Junit).testsuites.testsuite.map((suite) => ({
      [suite['@name']]: suite['@failures'],
    }));
  expect(failures(full).slice(-2)).toEqual([{ 'bench latency': '0' }, { 'bench rebalance': '0' }]);
  const { latency, rebalance } = full;
  if (latency === undefined || rebalance === undefined) throw new Error('the full report has all sections');
  const bad = { verified: false, differences: ['whale: 3 instead of 2'] };
  const runs = latency.runs.map((run, index) => (index === 0 ? { ...run, ...bad } : run));
  const wrong = { ...full, latency: { ...latency, runs }, rebalance: { ...rebalance, ...bad } };
  expect(failures(wrong).slice(-2)).toEqual([{ 'bench latency': '1' }, { 'bench rebalance': '1' }]);
});

test('JUnit: unique names, suite times that add up and failure types, as Jenkins and Surefire require', () => {
  const { latency } = full;
  if (latency === undefined) throw new Error('the full report has all sections');
  const probes = { ...full, latency: { ...latency, runs: [...latency.runs, ...latency.runs] } };
  const xml = renderJunit(probes);
  const suites = [...xml.matchAll(/<testsuite ([^>]*)>(.*?)<\/testsuite>/gs)];
  expect(suites.length).toBeGreaterThan(2);
  for (const [, attributes = '', body = ''] of suites) {
    const cases = [...body.matchAll(/<testcase classname="([^"]*)" name="([^"]*)" time="([^"]*)"/g)];
    expect(new Set(cases.map(([, className, name]) => `${className} ${name}`)).size).toBe(cases.length);
    const total = Number(/ time="([\d.]+)"/.exec(attributes)?.[1]);
    expect(total).toBeCloseTo(
      cases.reduce((sum, [, , , seconds]) => sum + Number(seconds), 0),
      1,
    );
  }
  expect(renderJunit(sampleReport([sampleRun(1, 1, { verified: false })]))).toMatch(/<failure type="\w+" message=/);
});

test('JUnit: reports an error for a bench that ended early', () => {
  const verdict = { verified: false, runsVerified: 6, runs: 6, runsPlanned: 30 };
  const xml = renderJunit(sampleReport(runs, { status: 'failed', verdict }));
  const suites = (parser.parse(xml) as Junit).testsuites.testsuite;
  expect(suites.map((suite) => suite['@errors'])).toEqual(['0', '1']);
});

test('Markdown: starts with the verdict, has one row per point and escapes names', () => {
  const workload = { ...report.workload, topic: '<img src=x>`|*_[a](b)' };
  const text = renderMarkdown({ ...report, workload });
  expect(text).toMatch(/^## Consumer group benchmark\n\n✅ 7 of 7 runs verified, every word\n/);
  expect(text.match(/^\| [124] \| .* \|$/gm)).toHaveLength(3);
  expect(renderMarkdown(full)).toMatch(/\n### latency: .*\n### rebalance: /s);
  expect(text).toContain('\\<img src=x\\>\\`\\|\\*\\_\\[a\\](b)');
  const wrong = renderMarkdown(sampleReport([sampleRun(1, 1, { verified: false })]));
  expect(wrong).toContain('❌ **wrong counts in 1 of 1 run**');
});
