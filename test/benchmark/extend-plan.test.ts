import { expect, test } from 'vitest';
import { nextRepetition, precisionOf } from '../../src/benchmark/experiments/throughput/run/extend-plan.ts';
import { nowMs } from '../../src/time/clock.ts';
import type { RunReport } from '../../src/results/report-parts.ts';
import { sampleRun } from '../report/sample-report.ts';

const options = {
  variants: [
    { lane: 'work', members: 1 },
    { lane: 'work', members: 2 },
  ],
  seed: 1,
  untilPrecision: 0.03,
  deadlineMs: nowMs() + 1e6,
} as const;

/** @param spread - half the width of the range around 100 */
function runs(members: number, count: number, spread: number): RunReport[] {
  return Array.from({ length: count }, (_, index) =>
    sampleRun(members, index + 1, { recordsPerSecond: 100 + spread * (index % 2 === 0 ? 1 : -1) }),
  );
}

test('repeats imprecise points until they are precise or the deadline passes', () => {
  const made = [...runs(1, 8, 1), ...runs(2, 8, 10)];
  const next = nextRepetition(made, options);
  expect(next.map(({ variant, repetition, warmUp }) => [variant.members, repetition, warmUp])).toEqual([[2, 9, false]]);
  expect(nextRepetition([...runs(1, 8, 1), ...runs(2, 8, 1)], options)).toEqual([]);
  expect(nextRepetition(made, { ...options, deadlineMs: nowMs() - 1 })).toEqual([]);
});

test('no point is precise without a 95 % interval', () => {
  expect(precisionOf(runs(1, 5, 0), 'work', 1)).toBe(Infinity);
  expect(precisionOf(runs(1, 6, 0), 'work', 1)).toBe(0);
  expect(precisionOf(runs(1, 6, 5), 'work', 1)).toBeCloseTo(0.05);
  expect(nextRepetition([...runs(1, 3, 0), ...runs(2, 3, 0)], options)).toHaveLength(2);
});
