import { expect, test } from 'vitest';
import { requireComparable } from '../../../src/results/compare/comparable.ts';
import { compareReports } from '../../../src/results/compare/compare-reports.ts';
import { holm, judge, sharesFigures } from '../../../src/results/compare/comparison.ts';
import { measures } from '../../../src/results/compared-series.ts';
import { renderComparison } from '../../../src/report/comparison-text.ts';
import { seededRandom } from '../../../src/seeded-random.ts';
import { sampleReport, sampleRun } from '../../report/sample-report.ts';
import { sampleBench } from './sample-benches.ts';

const seed = Number(process.env['TEST_SEED'] ?? 1);
const options = { maxRegression: 0.05, alpha: 0.05, ratiosOnly: false } as const;
const trials = 100;

test(`a 10 % slowdown is a regression at 3 % noise, an equal speed is not (seed ${seed})`, () => {
  const random = seededRandom(seed);
  let found = 0;
  let alarms = 0;
  for (let trial = 0; trial < trials; trial += 1) {
    const before = sampleBench({ noise: 0.03, random });
    if (compareReports(before, sampleBench({ noise: 0.03, factor: 0.9, random }), options).verdict === 'regression') {
      found += 1;
    }
    if (compareReports(before, sampleBench({ noise: 0.03, random }), options).verdict === 'regression') alarms += 1;
  }
  expect(found).toBeGreaterThanOrEqual(95);
  expect(alarms).toBeLessThanOrEqual(5);
});

test(`a 5 % slowdown hidden by noise is inconclusive, not passed (seed ${seed})`, () => {
  const random = seededRandom(seed);
  let passed = 0;
  for (let trial = 0; trial < trials; trial += 1) {
    const before = sampleBench({ noise: 0.2, random });
    if (compareReports(before, sampleBench({ noise: 0.2, factor: 0.95, random }), options).verdict === 'passed')
      passed += 1;
  }
  expect(passed).toBeLessThanOrEqual(10);
});

test('an improvement passes for metrics of either direction', () => {
  const random = seededRandom(seed);
  const before = sampleBench({ noise: 0.01, random });
  const comparison = compareReports(before, sampleBench({ noise: 0.01, factor: 1.2, random }), options);
  expect(comparison.verdict).toBe('passed');
  expect(new Set(comparison.rows.map(({ verdict }) => verdict))).toEqual(new Set(['improved']));
});

test('a missing figure is a regression, a new one is not', () => {
  const random = seededRandom(seed);
  const full = sampleBench({ noise: 0.01, random });
  const less = sampleBench({ noise: 0.01, random, members: [1, 2] });
  const gone = compareReports(full, less, options);
  expect(gone.verdict).toBe('regression');
  expect(gone.rows.filter(({ verdict }) => verdict === 'missing').map(({ members }) => members)).toEqual([4, 4]);
  expect(renderComparison(gone)).toMatch(/^REGRESSION .*a missing figure counts as a failure/);
  expect(compareReports(less, full, options).verdict).toBe('passed');
  const nothing = compareReports(sampleReport([]), full, options);
  expect(nothing.verdict).toBe('inconclusive');
  expect([sharesFigures(nothing), sharesFigures(gone)]).toEqual([false, true]);
});

test('rejects reports with different conditions or wrong counts', () => {
  const bench = sampleReport([sampleRun(1, 1)]);
  const refusal = (other: typeof bench, acrossMachines = false) => {
    try {
      requireComparable([bench, other], { acrossMachines });
      return undefined;
    } catch (error) {
      return (error as { code: string }).code;
    }
  };
  expect(refusal(bench)).toBeUndefined();
  expect(refusal(sampleReport([sampleRun(1, 1, { verified: false })]))).toBe('verificationFailed');
  expect(refusal({ ...bench, workload: { ...bench.workload, records: 5 } })).toBe('inconclusive');
  const durable = { ...bench, lanes: bench.lanes.map((lane) => ({ ...lane, durable: { commitIntervalMs: 1_000 } })) };
  expect(refusal(durable)).toBe('inconclusive');
  const elsewhere = { ...bench, environment: { ...bench.environment, machine: 'fedcba987654' } };
  expect(refusal(elsewhere)).toBe('inconclusive');
  expect(refusal(elsewhere, true)).toBeUndefined();
});

test.each([1, 2, 3])(
  'a tenfold slowdown is a regression with %i repetitions, too few for a significance test',
  (repetitions) => {
    const random = seededRandom(seed);
    const bench = (factor: number, noise = 0.03) => sampleBench({ noise, factor, repetitions, random });
    const comparison = compareReports(bench(1), bench(0.1), options);
    expect(comparison.verdict).toBe('regression');
    expect(comparison.rows[0]).toMatchObject({ note: expect.stringContaining('4 times the spread') as string });
    expect(comparison.rows.every(({ pValue = 0 }) => pValue >= 0.05)).toBe(true);
    expect(compareReports(bench(1), bench(0.9), options).verdict).not.toBe('regression');
    expect(renderComparison(compareReports(bench(1), bench(1), options)).includes('(range)')).toBe(repetitions < 3);
  },
);

test('the text names the independent unit and the number of tests', () => {
  const random = seededRandom(seed);
  const text = renderComparison(
    compareReports(sampleBench({ noise: 0.01, random }), sampleBench({ noise: 0.01, random }), options),
  );
  expect(text).toContain('the independent unit is one repetition (5 before, 5 after)');
  expect(text).toContain('p is adjusted for all 8 tests of this verdict');
});

test('comparing ratios only: half the speed passes, a lower speed-up is a regression', () => {
  const random = seededRandom(seed);
  const ratios = { ...options, ratiosOnly: true };
  const before = sampleBench({ noise: 0.01, random });
  expect(compareReports(before, sampleBench({ noise: 0.01, factor: 0.5, random }), ratios).verdict).toBe('passed');
  const bent = sampleReport(
    before.runs.map((run) => ({ ...run, recordsPerSecond: run.recordsPerSecond / (run.members === 4 ? 1.3 : 1) })),
  );
  expect(compareReports(before, bent, ratios).verdict).toBe('regression');
});

test('the verdict depends on both significance and effect size', () => {
  const shift = (percent: number, margin: number, pValue: number) => {
    const centre = Math.log(1 + percent / 100);
    return { shift: centre, low: centre - margin, high: centre + margin, coverage: 0.9, pValue, spread: 0.1 };
  };
  const of = (...args: Parameters<typeof shift>) => judge(measures.recordsPerSecond, shift(...args), options);
  expect(of(-10, 0.02, 0.01)).toBe('regressed');
  expect(of(-10, 0.2, 0.2)).toBe('inconclusive');
  // Beyond four times the spread, no significance test is needed; few runs could not pass one.
  expect(of(-40, 0.2, 0.2)).toBe('regressed');
  expect(of(60, 0.2, 0.2)).toBe('improved');
  expect(of(-20, 0.2, 0.2)).toBe('inconclusive');
  expect(of(-1, 0.005, 0.001)).toBe('same');
  expect(of(-4, 0.03, 0.001)).toBe('inconclusive');
  expect(of(10, 0.02, 0.01)).toBe('improved');
  expect(judge(measures.cpuMicrosPerRecord, shift(10, 0.02, 0.01), options)).toBe('regressed');
  expect(judge(measures.recordsPerSecond, { ...shift(0, 0.01, 1), coverage: 0.5 }, options)).toBe('inconclusive');
});

test('Holm adjustment matches the values of R', () => {
  expect(holm([0.01, 0.04, 0.03, 0.005])).toEqual([0.03, 0.06, 0.06, 0.02]);
  expect(holm([])).toEqual([]);
});
