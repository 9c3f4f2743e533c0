import { expect, test } from 'vitest';
import { smallest } from '../../src/statistics/extremes.ts';
import { jointShiftTest, jointSignTest } from '../../src/statistics/joint-permutation.ts';
import { seededRandom } from '../../src/seeded-random.ts';

const seed = Number(process.env['TEST_SEED'] ?? 1);

test('one row: the exact p-values of R, one-sided', () => {
  // wilcox.test(c(1.1, 2.2, 3.3, 4.4, 5.5), alternative = 'greater'): all signs alike.
  expect(jointSignTest([[1.1, 2.2, 3.3, 4.4, 5.5]]).greater[0]).toBeCloseTo(1 / 32, 9);
  expect(jointSignTest([[1.1, 2.2, 3.3, 4.4, -0.5]]).greater[0]).toBeCloseTo(2 / 32, 9);
  // wilcox.test(c(6, 7, 8, 9, 10), 1:5, alternative = 'greater')
  expect(jointShiftTest([[1, 2, 3, 4, 5, 6, 7, 8, 9, 10]], 5).greater[0]).toBeCloseTo(1 / 252, 9);
  expect(jointShiftTest([[1, 2, 3, 4, 5, 6, 7, 8, 9, 10]], 5).smaller[0]).toBe(1);
});

test('equal rows do not raise the p-value; rows of noise raise it by what their noise allows', () => {
  const clear = [5, 6, 7, 8, 9, 10, 11, 12];
  const noise = [0.3, -0.4, 0.5, -0.6, 0.7, -0.8, 0.9, -1];
  expect(jointSignTest([clear, clear, clear]).greater).toEqual([1 / 256, 1 / 256, 1 / 256]);
  const { greater } = jointSignTest([clear, noise]);
  expect(greater[0]).toBeGreaterThanOrEqual(1 / 256);
  expect(greater[0]).toBeLessThanOrEqual(2 / 256);
  expect(greater[1]).toBeGreaterThan(0.3);
});

test('three against five separate values are significant, three against three are not', () => {
  expect(jointShiftTest([[1, 2, 3, 11, 12, 13, 14, 15]], 3).greater[0]).toBeCloseTo(1 / 56, 9);
  expect(jointShiftTest([[1, 2, 3, 11, 12, 13]], 3).greater[0]).toBeCloseTo(1 / 20, 9);
});

test('leaves out a missing value, and a row without a difference shows nothing', () => {
  const row = [1, NaN, 3, 4, 15, 16, NaN, 18];
  const { greater } = jointShiftTest([row, [7, 7, 7, 7, 7, 7, 7, 7]], 4);
  expect(greater[0]).toBeLessThan(0.1);
  expect(greater[1]).toBe(1);
  expect(jointSignTest([[NaN, 0, 0]]).greater).toEqual([1]);
  expect(jointShiftTest([], 0)).toEqual({ greater: [], smaller: [] });
});

test('draws permutations of many units by a seed', () => {
  const values = Array.from({ length: 40 }, (_, index) => (index % 7) + (index >= 20 ? 3 : 0));
  const first = jointShiftTest([values], 20);
  expect(first).toEqual(jointShiftTest([values], 20));
  expect(first.greater[0]).toBeLessThan(0.01);
  expect(first.greater[0]).toBeGreaterThanOrEqual(1 / 5_000);
  expect(jointSignTest([values.map((value) => value - 1)]).greater[0]).toBeLessThan(0.01);
});

test.each([0, 0.5, 0.95])(
  `without an effect the least p-value of six rows keeps to its level, correlation %d (seed ${seed})`,
  (shared) => {
    const random = seededRandom(seed);
    const trials = 4_000;
    // Skewed, as times are.
    const noise = (): number => -Math.log(1 - random());
    const units = (count: number) => {
      const common = Array.from({ length: count }, noise);
      return Array.from({ length: 6 }, () => common.map((value) => shared * value + (1 - shared) * noise()));
    };
    const alarms = { shift: 0, sign: 0 };
    for (let trial = 0; trial < trials; trial += 1) {
      if (smallest(jointShiftTest(units(8), 4).greater) < 0.05) alarms.shift += 1;
      const [before, after] = [units(8), units(8)];
      const differences = before.map((row, index) => row.map((value, unit) => value - (after[index]?.[unit] ?? NaN)));
      if (smallest(jointSignTest(differences).greater) < 0.05) alarms.sign += 1;
    }
    // Four standard deviations of 5 % of the trials.
    const most = 0.05 * trials + 4 * Math.sqrt(0.05 * 0.95 * trials);
    expect(alarms.shift).toBeLessThan(most);
    expect(alarms.sign).toBeLessThan(most);
    // Nor is it idle: a level of 5 % is made use of.
    expect(Math.min(alarms.shift, alarms.sign)).toBeGreaterThan(0.02 * trials);
  },
);
