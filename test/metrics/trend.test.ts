import { expect, test } from 'vitest';
import { outliersOf } from '../../src/metrics/outliers.ts';
import { seededRandom } from '../../src/metrics/random.ts';
import { samplesOf } from '../../src/metrics/statistics.ts';
import { jumpOf, trendOf } from '../../src/metrics/trend.ts';

const seed = Number(process.env['TEST_SEED'] ?? 1);
const random = seededRandom(seed);
/** Roughly normal, standard deviation 1. */
const noise = (): number => Math.sqrt(12 / 4) * (random() + random() + random() + random() - 2);
const series = (length: number, value: (index: number) => number) =>
  samplesOf(Array.from({ length }, (_, index) => value(index)));

test(`a drift is found with its slope, noise is not (seed ${seed})`, () => {
  let found = 0;
  let wrong = 0;
  for (let round = 0; round < 400; round += 1) {
    const drift = trendOf(series(20, (index) => 100 - 0.3 * index + noise()));
    if (drift.pValue < 0.05) found += 1;
    expect(drift.slope).toBeGreaterThan(-0.6);
    expect(drift.slope).toBeLessThan(0);
    if (trendOf(series(20, noise)).pValue < 0.05) wrong += 1;
  }
  expect(found).toBeGreaterThan(380);
  expect(wrong).toBeLessThan(36);
});

test('Mann-Kendall and Theil-Sen: known values', () => {
  // S = 15 of 6 values in order: z = 14 / sqrt(6 * 5 * 17 / 18)
  expect(trendOf(samplesOf([1, 2, 4, 8, 16, 32])).pValue).toBeCloseTo(0.00853, 4);
  expect(trendOf(samplesOf([5, 7, 9, 11])).slope).toBe(2);
  expect(trendOf(samplesOf([1, 2, 3])).pValue).toBe(1);
  expect(trendOf(samplesOf([4, 4, 4, 4, 4]))).toEqual({ pValue: 1, slope: 0 });
});

test(`a jump is found at its place, noise is not (seed ${seed})`, () => {
  let wrong = 0;
  let misplaced = 0;
  for (let round = 0; round < 300; round += 1) {
    const jump = jumpOf(series(20, (index) => (index < 12 ? 100 : 94) + noise()));
    expect(jump?.pValue).toBeLessThan(0.05);
    if (Math.abs((jump?.at ?? 0) - 12) > 2) misplaced += 1;
    expect(jump?.shift).toBeLessThan(-4);
    if ((jumpOf(series(20, noise))?.pValue ?? 1) < 0.05) wrong += 1;
  }
  expect(wrong).toBeLessThan(20);
  // The noise moves the place that fits best now and then.
  expect(misplaced).toBeLessThan(15);
  expect(jumpOf(samplesOf([1, 2, 3]))).toBeUndefined();
});

test('outliers are those apart, and none of a few or of equal ones', () => {
  expect(outliersOf([100, 101, 99, 100.5, 60, 100.2])).toEqual([4]);
  expect(outliersOf([100, 60, 100])).toEqual([]);
  expect(outliersOf([5, 5, 5, 5, 5, 5])).toEqual([]);
  expect(outliersOf([5, 5, 5, 5, 5, 9])).toEqual([5]);
});
