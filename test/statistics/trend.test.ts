import { expect, test } from 'vitest';
import { smallest } from '../../src/statistics/extremes.ts';
import { outliersOf } from '../../src/statistics/outliers.ts';
import { seededRandom } from '../../src/seeded-random.ts';
import { samplesOf } from '../../src/statistics/statistics.ts';
import { jointRiseTest, jumpOf, slopeOf } from '../../src/statistics/trend.ts';

const seed = Number(process.env['TEST_SEED'] ?? 1);
const random = seededRandom(seed);
/** Roughly normal, standard deviation 1. */
const noise = (): number => Math.sqrt(12 / 4) * (random() + random() + random() + random() - 2);
const series = (length: number, value: (index: number) => number) =>
  samplesOf(Array.from({ length }, (_, index) => value(index)));

const rows = (count: number, value: (index: number) => number) =>
  Array.from({ length: count }, () => series(20, value));

test(`detects a rise, and no rise in the noise of many rows (seed ${seed})`, () => {
  let found = 0;
  let wrong = 0;
  for (let round = 0; round < 100; round += 1) {
    const drifting = series(20, (index) => 0.3 * index + noise());
    const { drift, jump } = jointRiseTest([...rows(3, noise), drifting]);
    if (Math.min(drift[3] ?? 1, jump[3] ?? 1) < 0.05) found += 1;
    const { drift: none, jump: neither } = jointRiseTest(rows(4, noise));
    if (smallest([...none, ...neither]) < 0.05) wrong += 1;
    // A falling series does not rise.
    expect(smallest(jointRiseTest([series(20, (index) => -2 * index)]).drift)).toBeGreaterThan(0.9);
  }
  expect(found).toBeGreaterThan(90);
  expect(wrong).toBeLessThan(14);
});

test('Theil-Sen: known values', () => {
  expect(slopeOf(samplesOf([5, 7, 9, 11]))).toBe(2);
  expect(slopeOf(samplesOf([4, 4, 4, 4, 4]))).toBe(0);
  expect(slopeOf(samplesOf([1, 2, 100, 4, 5]))).toBe(1);
});

test(`finds the position of a jump (seed ${seed})`, () => {
  let misplaced = 0;
  for (let round = 0; round < 300; round += 1) {
    const jump = jumpOf(series(20, (index) => (index < 12 ? 94 : 100) + noise()));
    if (Math.abs(jump.at - 12) > 2) misplaced += 1;
    expect(jump.shift).toBeGreaterThan(3);
  }
  // The noise sometimes moves the position that fits best.
  expect(misplaced).toBeLessThan(15);
});

test('outliers are separate values; few or equal values have none', () => {
  expect(outliersOf([100, 101, 99, 100.5, 60, 100.2])).toEqual([4]);
  expect(outliersOf([100, 60, 100])).toEqual([]);
  expect(outliersOf([5, 5, 5, 5, 5, 5])).toEqual([]);
  expect(outliersOf([5, 5, 5, 5, 5, 9])).toEqual([5]);
});
