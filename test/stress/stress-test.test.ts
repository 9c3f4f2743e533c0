import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import type { StressReport } from '../../src/results/stress-report.ts';
import type { RunIdentity, RunOutcome } from '../../src/stress/run-outcome.ts';
import type { RunResources } from '../../src/stress/run-resources.ts';
import type { FailedRun } from '../../src/stress/stress-runs.ts';
import { testRuns } from '../../src/stress/stress-test.ts';

const plan: RunIdentity = { seed: 3, protocol: 'range', faults: ['first', 'second'] };
const passed: RunOutcome<RunIdentity> = {
  ...{ plan, interrupted: false, durationMs: 5, faults: [], faultsInjected: 2, missed: [], checks: [], takeovers: [] },
  ...{ throughput: { sliceMs: 1, records: [] }, records: 1, words: 1, crashes: 0, refused: 0, historyFile: undefined },
};
const violated: RunOutcome['checks'] = [
  { name: 'liveness', code: 'V8', definition: '', violations: [], violationsTotal: 1, around: [] },
];

interface Tested {
  readonly report: StressReport;
  readonly errors: readonly string[];
  /** Number of times that brokers were opened. */
  readonly opened: number;
  /** The history of the first run is there. */
  readonly kept: boolean;
}

/** Sums up runs of the plan with the given outcomes. */
async function tested(...outcomes: readonly Partial<RunOutcome<RunIdentity>>[]): Promise<Tested> {
  const historyFolder = await mkdtemp(join(tmpdir(), 'stress-test-'));
  onTestFinished(() => rm(historyFolder, { recursive: true, force: true }));
  const never = new AbortController().signal;
  const remaining = [...outcomes];
  const runs: (RunOutcome<RunIdentity> | FailedRun<RunIdentity>)[] = [];
  let opened = 0;
  const plans = outcomes.map((outcome) => outcome.plan ?? plan);
  const { report } = await testRuns(plans, {
    ...{ seed: 3, signal: never, killSignal: never, log: () => undefined, historyFolder },
    ...{ keepAll: false, failFast: false },
    makeRun: () => Promise.resolve({ ...passed, ...remaining.shift() }),
    open: () => {
      opened += 1;
      return Promise.resolve({ close: () => Promise.resolve() } as RunResources);
    },
    onRun: (run) => runs.push(run),
  });
  const errors = runs.flatMap((run) => ('error' in run ? [run.error.message] : []));
  return { report, errors, opened, kept: existsSync(join(historyFolder, 'stress-3-range.ndjson')) };
}

test('a run in which every planned fault was missed has no verdict, and the next one uses the same brokers', async () => {
  const missed = ['first skipped: no target', 'second failed: no broker'];
  const { report, errors, opened, kept } = await tested({ faultsInjected: 0, missed }, {});
  expect(report).toMatchObject({ verdict: 'couldNotRun', runs: 1, violationRateMax95: 1 });
  expect(errors).toEqual(['no fault was injected: first skipped: no target, second failed: no broker']);
  expect(report.errors).toEqual([`seed 3: ${errors[0] ?? ''}`]);
  expect(opened).toBe(1);
  expect(kept).toBe(true);
});

test.each([
  [['first skipped: no target'], 'first skipped: no target'],
  [[], 'the run ended before the first'],
])('a run that ended before its other faults began has no verdict either: missed %j', async (missed, reason) => {
  const { errors } = await tested({ faultsInjected: 0, missed });
  expect(errors).toEqual([`no fault was injected: ${reason}`]);
});

test.each([
  ['a fault was injected', { faultsInjected: 1, missed: ['first skipped: no target'] }, 'passed'],
  ['no fault was planned', { faultsInjected: 0, plan: { ...plan, faults: [] } }, 'passed'],
  ['the user ended the run', { faultsInjected: 0, interrupted: true }, 'passed'],
  ['a check found a violation', { faultsInjected: 0, checks: violated }, 'failed'],
])('a run has a verdict if %s', async (_, outcome, verdict) => {
  expect((await tested(outcome)).report).toMatchObject({ verdict, errors: [] });
});
