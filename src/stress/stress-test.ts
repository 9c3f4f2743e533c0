import { fromErrorReport, type ClusterError, type ErrorCode } from '../errors.ts';
import type { StressReport } from '../results/stress-report.ts';
import type { RunOutcome } from './run-outcome.ts';
import { stressPlans, type PlanWishes } from './stress-plans.ts';
import { stressRuns, type FailedRun, type StressRunsOptions } from './stress-runs.ts';
import { StressSummary } from './summary.ts';

/** With these the brokers would refuse the group of the next run as well. */
const refusals: readonly ErrorCode[] = ['groupRefused', 'groupFull'];

export interface StressTestOptions extends Omit<StressRunsOptions, 'onRun'> {
  /** True to end after a run with a violation, or without a verdict. */
  readonly failFast: boolean;
  readonly onRun: (outcome: RunOutcome | FailedRun) => void;
}

export interface StressTested {
  readonly report: StressReport;
  /** Error of the brokers that ended the runs: they refused a group. */
  readonly refusal: ClusterError | undefined;
}

/**
 * Makes the runs that the wishes ask for, and sums them up.
 * @throws ClusterError as stressPlans and the opening of brokers do
 */
export async function stressTest(wishes: PlanWishes, options: StressTestOptions): Promise<StressTested> {
  const { signal, failFast } = options;
  const summary = new StressSummary(wishes.seed);
  let refusal: ClusterError | undefined;
  await stressRuns(await stressPlans(wishes), {
    ...options,
    onRun: (run) => {
      if ('error' in run) summary.addFailed(run);
      else summary.add(run);
      options.onRun(run);
      if ('error' in run && refusals.includes(run.error.code)) refusal = fromErrorReport(run.error);
      return refusal === undefined && !(failFast && (summary.failed || 'error' in run));
    },
  });
  return { report: summary.report({ interrupted: signal.aborted }), refusal };
}
