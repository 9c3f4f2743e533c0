import { fromErrorReport, type ClusterError, type ErrorCode } from '../errors.ts';
import type { StressReport } from '../results/stress-report.ts';
import type { RunIdentity, RunOutcome } from './run-outcome.ts';
import type { RunPlan } from './run-plan.ts';
import { stressPlans, type PlanWishes } from './stress-plans.ts';
import { StressRun } from './stress-run.ts';
import { stressRuns, type FailedRun, type StressRunsOptions } from './stress-runs.ts';
import { StressSummary } from './summary.ts';

/** With these the brokers would refuse the group of the next run as well. */
const refusals: readonly ErrorCode[] = ['groupRefused', 'groupFull'];

export interface StressTestOptions<Plan extends RunIdentity = RunPlan> extends Omit<
  StressRunsOptions<Plan>,
  'onRun' | 'makeRun'
> {
  /** True to end after a run with a violation, or without a verdict. */
  readonly failFast: boolean;
  readonly onRun: (outcome: RunOutcome<Plan> | FailedRun<Plan>) => void;
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
  return testRuns(await stressPlans(wishes), {
    ...options,
    seed: wishes.seed,
    makeRun: (plan, resources, how) => new StressRun(plan, resources, how).outcome(),
  });
}

/**
 * Makes planned runs, and sums them up.
 * @param options.seed - that of the first run
 * @throws ClusterError as the opening of brokers does
 */
export async function testRuns<Plan extends RunIdentity>(
  plans: Iterable<Plan>,
  options: StressTestOptions<Plan> & Pick<StressRunsOptions<Plan>, 'makeRun'> & { readonly seed: number },
): Promise<StressTested> {
  const { signal, failFast, seed } = options;
  const summary = new StressSummary(seed);
  let refusal: ClusterError | undefined;
  await stressRuns(plans, {
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
