import { expect, test } from 'vitest';
import { renderBench } from '../../src/report/bench-text.ts';
import { curvesOf, supportedCurves } from '../../src/results/curves.ts';
import { renderGithubActionBenchmark } from '../../src/report/formats/github-action-benchmark.ts';
import { renderMarkdown } from '../../src/report/formats/markdown.ts';
import { metricsOf } from '../../src/report/formats/metrics.ts';
import { renderHtml } from '../../src/report/html/render-html.ts';
import { percentiles } from '../report/sample-percentiles.ts';
import { supportedPercentiles } from '../../src/benchmark/experiments/latency/percentile-support.ts';
import { scalingOf } from '../../src/results/scaling.ts';
import type { BenchReport } from '../../src/results/schema.ts';
import { sampleFacts, sampleReport, sampleRun } from '../report/sample-report.ts';

const all = async (report: BenchReport): Promise<string[]> => [
  renderBench(report, { colour: false }),
  renderMarkdown(report),
  await renderHtml(report),
];

/**
 * A bench with 12 partitions.
 * @param rate - records per second by number of members
 */
function bench(members: readonly number[], repetitions: number, rate: (members: number) => number): BenchReport {
  const runs = Array.from({ length: repetitions }, (_, index) => index + 1).flatMap((repetition) =>
    members.map((count) => {
      const recordsPerSecond = rate(count) * (1 + 0.01 * repetition);
      return sampleRun(count, repetition, { recordsPerSecond });
    }),
  );
  const report = sampleReport(runs);
  return {
    ...report,
    workload: { ...report.workload, partitions: 12 },
    scaling: scalingOf(runs, { ...sampleFacts, partitions: 12 }),
    curves: curvesOf(runs, { partitions: 12 }),
  };
}

test('reports the range of few runs as a range, not as a 95 % interval', async () => {
  for (const text of await all(sampleReport([1, 2].map((repetition) => sampleRun(2, repetition))))) {
    expect(text).not.toMatch(/95 ?%/);
    expect(text).toContain('range');
  }
  const six = sampleReport([1, 2, 3, 4, 5, 6].map((repetition) => sampleRun(2, repetition)));
  for (const text of await all(six)) expect(text).toContain('96 % interval');
  for (const text of await all(sampleReport([sampleRun(2, 1)]))) expect(text).not.toMatch(/95 ?%|±|range:/);
});

test('metrics have bounds only if there are enough runs for an interval', () => {
  const bounded = (repetitions: number) =>
    metricsOf(bench([1, 2], repetitions, (members) => members)).filter(({ low }) => low !== undefined).length;
  expect([1, 2, 5, 6].map(bounded)).toEqual([0, 0, 0, 4]);
  expect(renderGithubActionBenchmark(sampleReport([sampleRun(1, 1)]), 'bigger')).not.toContain('±');
});

test('the Universal Scalability Law requires four loads, also in reports of older versions', async () => {
  const three = sampleReport([1, 2, 3, 4, 5].map((members) => sampleRun(members, 1)));
  expect(three.curves).toEqual([]);
  const law = { lane: 'work', recordsPerSecond: 1_000, contention: 0, coherency: 0.001, peakLoad: 24.9 } as const;
  const intervals = { recordsPerSecond: [1, 2], contention: [0, 1], coherency: [0, 1] };
  const older = { ...three, curves: [{ ...law, rSquared: 1, intervals }] };
  expect(supportedCurves({ ...older, partitions: 4 })).toEqual([]);
  for (const text of await all(older)) {
    expect(text).toContain('not fitted (3 different loads, at least');
    expect(text).not.toMatch(/24\\.9|peak at/);
  }
});

test('a fitted law has intervals, and a peak only near the measured loads', async () => {
  const peaked = (members: number): number => (1_000 * members) / (1 + 0.02 * members * (members - 1));
  const near = bench([1, 2, 3, 4, 6], 3, peaked);
  expect(near.curves[0]?.peakLoad).toBeCloseTo(Math.sqrt(1 / 0.02), 2);
  const [low = NaN, high = NaN] = near.curves[0]?.intervals.recordsPerSecond ?? [];
  expect([low, high].map(Math.round)).toEqual([1_010, 1_030]);
  for (const text of await all(near)) expect(text).toContain('peak near 7 active members');
  for (const text of await all(near)) expect(text).toContain('range of the repetitions');
  const far = bench([1, 2, 3, 4], 3, peaked);
  expect(far.curves[0]).not.toHaveProperty('peakLoad');
  for (const text of await all(far)) expect(text).toContain('no peak near the 4 active members');
  expect(bench([1, 2, 3, 4], 6, peaked).curves[0]?.coverage).toBeGreaterThan(0.95);
});

test('explains an efficiency above the ideal instead of printing it', async () => {
  const report = bench([1, 4], 2, (members) => (members === 4 ? 7_880 : 1_000));
  for (const text of await all(report)) {
    expect(text).not.toMatch(/>19[67] %|[ |]19[67] %/);
    expect(text).toMatch(/(>|&gt;|\\>) 100 %/);
    expect(text).toContain('the speed-up exceeds the ideal');
  }
});

test('omits CPU shares of runs shorter than half a second', async () => {
  for (const text of await all(sampleReport([sampleRun(1, 1, { durationMs: 120 })]))) {
    expect(text).toContain('too short to find their limiter');
  }
});

test('omits percentiles with fewer than ten values above them', () => {
  const known = (count: number): string[] =>
    Object.entries(supportedPercentiles({ ...percentiles, count })).flatMap(([name, value]) =>
      value === undefined ? [] : [name],
    );
  expect(known(15)).toEqual([]);
  expect(known(1_000)).toEqual(['p50', 'p75', 'p90', 'p95', 'p99']);
  expect(known(10_000)).toContain('p99_9');
  expect(known(99_999)).not.toContain('p99_99');
  expect(known(100_000)).toContain('p99_99');
});
