import { expect, test } from 'vitest';
import { renderStress } from '../../src/report/stress-text.ts';
import { StressSummary } from '../../src/stress/summary.ts';

const plan = { seed: 1, protocol: 'range', faults: [] } as const;

/** The verdict on runs without a violation. */
function verdictOf(runs: number): string | undefined {
  const summary = new StressSummary(1);
  for (let run = 0; run < runs; run += 1) {
    summary.add({
      ...{
        plan,
        interrupted: false,
        durationMs: 5,
        faults: [],
        faultsInjected: 0,
        missed: [],
        checks: [],
        takeovers: [],
      },
      ...{ throughput: { sliceMs: 1, records: [] }, records: 1, words: 1, crashes: 0, refused: 0 },
      historyFile: undefined,
    });
  }
  return renderStress(summary.report({ interrupted: false })).split('\n')[0];
}

test('the verdict bounds the rate of violations once the runs are enough for a bound', () => {
  expect(verdictOf(1)).toBe('passed: 1 of 1 run without a violation');
  expect(verdictOf(3)).toBe('passed: 3 of 3 runs without a violation');
  expect(verdictOf(4)).toBe(
    'passed: 4 of 4 runs without a violation; with 95 % confidence, fewer than 75 % of such runs have a violation',
  );
});
