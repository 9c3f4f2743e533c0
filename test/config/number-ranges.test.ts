import { expect, test } from 'vitest';
import { formatNumbers } from '../../src/config/number-ranges.ts';

test.each([
  [[], ''],
  [[3], '3'],
  [[0, 1, 2, 3], '0,1,2,3'],
  [[0, 1, 2, 3, 4], '0-4'],
  [[0, 2, 4, 5, 6, 7, 8, 10], '0,2,4-8,10'],
  [Array.from({ length: 1000 }, (_, index) => index), '0-999'],
])('%j', (numbers, expected) => {
  expect(formatNumbers(numbers)).toBe(expected);
});
