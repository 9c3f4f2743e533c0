import { ClusterError, toErrorReport, type ErrorReport } from '../errors.ts';
import { ProcessSeries } from './process-series.ts';
import { RunHistoryFile } from './run-history.ts';
import type { RunIdentity, RunOutcome } from './run-outcome.ts';
import type { RunPlan } from './run-plan.ts';
import type { RunResources } from './run-resources.ts';
import type { StressRunOptions } from './stress-run.ts';

/** A run that could not be made or had no fault, which allows no conclusion about the product. */
export interface FailedRun<Plan extends RunIdentity = RunPlan> {
  readonly plan: Plan;
  readonly error: ErrorReport;
}

export interface StressRunsOptions<Plan extends RunIdentity = RunPlan> {
  /** Makes one run. @throws ClusterError when it could not be made */
  readonly makeRun: (plan: Plan, resources: RunResources, options: StressRunOptions) => Promise<RunOutcome<Plan>>;
  /** Opens brokers for the next runs; called again when a run has left them unusable. */
  readonly open: () => Promise<RunResources>;
  readonly signal: AbortSignal;
  readonly killSignal: AbortSignal;
  readonly log: (line: string) => void;
  /** Folder that receives histories. */
  readonly historyFolder: string;
  /** True to keep also the histories of runs without findings. */
  readonly keepAll: boolean;
  /** @returns false to end after this run */
  readonly onRun: (outcome: RunOutcome<Plan> | FailedRun<Plan>) => boolean;
}

/**
 * Makes one run after the other, on the same brokers as long as they are usable, until the plans or
 * the user end it.
 */
export async function stressRuns<Plan extends RunIdentity>(
  plans: Iterable<Plan>,
  options: StressRunsOptions<Plan>,
): Promise<void> {
  const processSeries = new ProcessSeries();
  let resources: RunResources | undefined;
  try {
    for (const plan of plans) {
      if (options.signal.aborted) return;
      resources ??= await options.open();
      try {
        if (!options.onRun(await recordedRun(plan, resources, { ...options, processSeries }))) return;
      } catch (error) {
        options.killSignal.throwIfAborted();
        const goOn = options.onRun({ plan, error: toErrorReport(error) });
        await resources.close();
        resources = undefined;
        if (!goOn) return;
      }
    }
  } finally {
    await resources?.close();
  }
}

/** Keeps the history of a run that has findings or no verdict. */
async function recordedRun<Plan extends RunIdentity>(
  plan: Plan,
  resources: RunResources,
  options: StressRunsOptions<Plan> & { readonly processSeries: ProcessSeries },
): Promise<RunOutcome<Plan> | FailedRun<Plan>> {
  await options.processSeries.begin();
  const history = new RunHistoryFile(options.historyFolder, plan);
  const outcome = await options.makeRun(plan, resources, { ...options, historyFile: history.stream });
  if (outcome.checks.some(({ violationsTotal }) => violationsTotal > 0)) return outcome;
  const failure = faultlessness(outcome);
  if (failure !== undefined) return { plan, error: toErrorReport(failure) };
  if (options.keepAll) return outcome;
  history.remove();
  return { ...outcome, historyFile: undefined };
}

/**
 * Why a run says nothing about faults: it should have had some, and had none.
 * @returns undefined when a fault began, none was planned, or the user ended the run
 */
function faultlessness({
  plan,
  faultsInjected,
  missed,
  interrupted,
}: RunOutcome<RunIdentity>): ClusterError | undefined {
  if (interrupted || plan.faults.length === 0 || faultsInjected > 0) return undefined;
  const reasons = missed.length === 0 ? 'the run ended before the first' : [...new Set(missed)].join(', ');
  return new ClusterError('environment', `no fault was injected: ${reasons}`);
}
