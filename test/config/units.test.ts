import { expect, test } from 'vitest';
import { parseChoice, parseCount, parseCounts, parseDurationMs } from '../../src/config/units.ts';
import type { ClusterError } from '../../src/errors.ts';

test.each([
  ['500', 500],
  ['500ms', 500],
  ['10s', 10_000],
  ['1.5s', 1_500],
  ['2m', 120_000],
  ['8h', 28_800_000],
])('duration %s', (text, expected) => {
  expect(parseDurationMs('--timeout', text)).toBe(expected);
});

test.each(['', '0', '-1', '-5s', 'ten', '10 s x', '1e3', 'NaN', 'Infinity', '999999999h'])(
  'no duration: %j',
  (text) => {
    expect(() => parseDurationMs('--timeout', text)).toThrow(/^--timeout: /);
  },
);

test.each([
  ['7', 7],
  ['1_000_000', 1_000_000],
  ['500k', 500_000],
  ['2M', 2_000_000],
])('count %s', (text, expected) => {
  expect(parseCount('--num-records', text, { min: 1, max: 1e9 })).toBe(expected);
});

test.each(['', '0', '-3', '1.5', '0x10', 'many', '2g', '99999999999'])('rejects the count %j', (text) => {
  expect(() => parseCount('--num-records', text, { min: 1, max: 1e9 })).toThrow(
    /^--num-records: .* from 1 to 1000000000/,
  );
});

test('the hint explains how counts are written, where the notation is wrong and large numbers are allowed', () => {
  const hintOf = (text: string, max: number): string | undefined => {
    try {
      parseCount('--num-records', text, { min: 1, max });
    } catch (error) {
      return (error as ClusterError).hint;
    }
    throw new Error('not refused');
  };
  expect(hintOf('1.5k', 1e12)).toBe('write 1000, 1_000, 500k or 10m');
  expect(hintOf('0', 1e12)).toBeUndefined();
  expect(hintOf('two', 64)).toBeUndefined();
});

test('a list keeps its order and drops repetitions', () => {
  expect(parseCounts('--members', '5,1,2,1', { min: 1, max: 64 })).toEqual([5, 1, 2]);
  expect(() => parseCounts('--members', '1,,2', { min: 1, max: 64 })).toThrow(/--members/);
});

test('an invalid choice is reported with the valid ones', () => {
  expect(() => parseChoice('--brokers', 'docker', ['managed', 'mock'])).toThrow(
    "--brokers: 'docker' is not one of managed, mock",
  );
});
