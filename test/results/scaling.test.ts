import fc from 'fast-check';
import { expect, test } from 'vitest';
import { scalingOf } from '../../src/results/scaling.ts';
import type { RunReport } from '../../src/results/report-parts.ts';
import { sampleFacts, sampleRun } from '../report/sample-report.ts';

const options = sampleFacts;

test('computes speed-up and efficiency from the median of each number of members', () => {
  const runs = [1, 2, 4, 5].flatMap((members) =>
    [90, 100, 130].map((percent, index) =>
      sampleRun(members, index + 1, { recordsPerSecond: 10 * Math.min(members, 4) * percent }),
    ),
  );
  const points = scalingOf(runs, options);
  expect(points.map(({ members, runs: count, speedup, efficiency }) => [members, count, speedup, efficiency])).toEqual([
    [1, 3, 1, 1],
    [2, 3, 2, 1],
    [4, 3, 4, 1],
    // The fifth member owns no partition, so the efficiency relates to four members.
    [5, 3, 4, 1],
  ]);
  expect(points[1]?.intervals.recordsPerSecond).toEqual({ low: 1_800, high: 2_600, coverage: 0.75, method: 'range' });
  expect(points[1]?.peakRssMib).toBe(153);
});

test('ignores the order of the runs and warm-ups', () => {
  const runs = [1, 2, 3, 4, 5].flatMap((members) => [1, 2, 3].map((repetition) => sampleRun(members, repetition)));
  const pointsOf = (some: readonly RunReport[]) =>
    scalingOf(some, options).map((point) => ({ ...point, assignment: [] }));
  const expected = pointsOf(runs);
  fc.assert(
    fc.property(fc.shuffledSubarray(runs, { minLength: runs.length }), (shuffled) => {
      const warmUp = sampleRun(5, 0, { warmUp: true, recordsPerSecond: 1 });
      expect(pointsOf([warmUp, ...shuffled])).toEqual(expected);
    }),
    { numRuns: 30 },
  );
});

test('the smallest number of members is the baseline if there is no run with one member', () => {
  const points = scalingOf([sampleRun(4, 1), sampleRun(2, 1), sampleRun(5, 1)], options);
  expect(points.map(({ members, baselineMembers }) => [members, baselineMembers])).toEqual([
    [2, 2],
    [4, 2],
    [5, 2],
  ]);
  expect(points[1]?.speedup).toBeCloseTo(10_010 / 5_010);
  expect(points[2]?.efficiency).toBeCloseTo(10_010 / 5_010 / 2);
});

test('each lane has a separate curve', () => {
  const runs = [sampleRun(1, 1), sampleRun(1, 1, { lane: 'drain' }), sampleRun(2, 1, { lane: 'drain' })];
  expect(scalingOf(runs, options).map(({ lane, members }) => [lane, members])).toEqual([
    ['drain', 1],
    ['drain', 2],
    ['work', 1],
  ]);
});

test('lists assignments in order of partitions, standbys last', () => {
  expect(scalingOf([sampleRun(5, 1)], options)[0]?.assignment).toEqual([[0], [1], [2], [3], []]);
});
