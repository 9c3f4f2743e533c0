import { expect, test } from 'vitest';
import { ClusterError } from '../../src/errors.ts';
import { benchError } from '../../src/benchmark/bench-error.ts';

const verdict = (runsVerified: number, runs: number) => ({
  report: { verdict: { verified: false, runsVerified, runs, runsPlanned: 30 } },
});
const interrupted = new ClusterError('interrupted', 'interrupted');

test('returns no error when every run is verified', () => {
  expect(benchError({ ...verdict(30, 30), error: undefined })).toBeUndefined();
});

test('a run with wrong counts yields exit code 3 even after another error', () => {
  for (const error of [undefined, interrupted]) {
    expect(benchError({ ...verdict(29, 30), error })).toMatchObject({
      code: 'verificationFailed',
      exitCode: 3,
      message: 'wrong counts in 1 of 30 runs',
    });
  }
});

test('returns the error that ended the bench early, wrapping values of other types', () => {
  expect(benchError({ ...verdict(7, 7), error: interrupted })).toBe(interrupted);
  expect(benchError({ ...verdict(7, 7), error: 'a string' })).toMatchObject({ code: 'internal', cause: 'a string' });
});
