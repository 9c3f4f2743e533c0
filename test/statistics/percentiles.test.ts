import fc from 'fast-check';
import { expect, test } from 'vitest';
import { largest, smallest } from '../../src/statistics/extremes.ts';
import { SortedValues } from '../../src/statistics/percentiles.ts';

const seed = Number(process.env['TEST_SEED'] ?? 1);
const int32 = fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 });
const parts = fc.array(fc.array(int32, { minLength: 1, maxLength: 40 }), { minLength: 1, maxLength: 4 });
// Tenths of a per mille, as whole numbers: the oracle needs no rounding of binary fractions.
const percent = fc.integer({ min: 0, max: 10_000 });

function sorted(lists: readonly (readonly number[])[]): SortedValues {
  return new SortedValues(
    lists.map((list) => Int32Array.from(list)),
    1,
  );
}

test(`a percentile is the least value that the given percentage does not exceed (seed ${seed})`, () => {
  fc.assert(
    fc.property(parts, percent, (lists, hundredths) => {
      const all = lists.flat();
      const enough = (value: number): boolean =>
        all.filter((other) => other <= value).length * 10_000 >= hundredths * all.length;
      const oracle = smallest(all.filter(enough));
      expect(sorted(lists).at(hundredths / 100)).toBe(oracle);
    }),
    { seed, numRuns: 1_000 },
  );
});

test(`counts, extremes and mean include all values, also negative ones (seed ${seed})`, () => {
  fc.assert(
    fc.property(parts, (lists) => {
      const all = lists.flat();
      const { count, min, max, mean, zeroOrLess } = sorted(lists).percentiles();
      expect({ count, min, max, zeroOrLess }).toEqual({
        count: all.length,
        min: smallest(all),
        max: largest(all),
        zeroOrLess: all.filter((value) => value <= 0).length,
      });
      expect(mean).toBeCloseTo(all.reduce((sum, value) => sum + value, 0) / all.length, 3);
    }),
    { seed, numRuns: 300 },
  );
});

test('round percentages of round counts fall on the rank itself', () => {
  const values = sorted([Array.from({ length: 10_000 }, (_, index) => index + 1)]);
  const { p50, p99, p99_9, p99_99, max } = values.percentiles();
  expect({ p50, p99, p99_9, p99_99, max }).toEqual({
    p50: 5_000,
    p99: 9_900,
    p99_9: 9_990,
    p99_99: 9_999,
    max: 10_000,
  });
});

test(`a curve rises from the least value to the greatest, and each point is its percentile (seed ${seed})`, () => {
  fc.assert(
    fc.property(parts, (lists) => {
      const values = sorted(lists);
      const curve = values.curve();
      expect(curve[0]).toEqual([0, smallest(lists.flat())]);
      expect(curve.at(-1)).toEqual([100, largest(lists.flat())]);
      for (const [index, [percentage, value]] of curve.entries()) {
        expect(value).toBe(values.at(percentage));
        const [before, valueBefore] = curve[index - 1] ?? [-1, -Infinity];
        expect(percentage).toBeGreaterThan(before);
        expect(value).toBeGreaterThanOrEqual(valueBefore);
      }
    }),
    { seed, numRuns: 200 },
  );
});
