import { expect, test } from 'vitest';
import { largest, smallest } from '../../src/statistics/extremes.ts';

test('largest and smallest of a list too long for the stack', () => {
  const values = Array.from({ length: 1_000_000 }, (_, index) => index - 7);
  expect(largest(values)).toBe(999_992);
  expect(smallest(values)).toBe(-7);
});

test('the same as Math.max and Math.min for short and empty lists', () => {
  for (const values of [[], [3], [-1, -5, -2], [0, -0]]) {
    expect(largest(values)).toBe(Math.max.apply(null, values));
    expect(smallest(values)).toBe(Math.min.apply(null, values));
  }
  expect(largest([1, NaN])).toBeNaN();
});
