import { expect, test } from 'vitest';
import { ClusterError } from '../../src/errors.ts';
import { benchError } from '../../src/benchmark/bench-error.ts';

const verdict = (runsVerified: number, runs: number) => ({
  report: { verdict: { verified: false, runsVerified, runs, runsPlanned: 30 } },
});
const interrupted = new ClusterError('interrupted', 'interrupted');

test('all exact: no error', () => {
  expect(benchError({ ...verdict(30, 30), error: undefined })).toBeUndefined();
});

test('a wrong run: exit code 3, whatever else happened', () => {
  for (const error of [undefined, interrupted]) {
    expect(benchError({ ...verdict(29, 30), error })).toMatchObject({
      code: 'verificationFailed',
      exitCode: 3,
      message: '1 of 30 runs have wrong counts',
    });
  }
});

test('what ended it early is told as it is', () => {
  expect(benchError({ ...verdict(7, 7), error: interrupted })).toBe(interrupted);
  expect(benchError({ ...verdict(7, 7), error: 'a string' })).toMatchObject({ code: 'internal', cause: 'a string' });
});
