import { toErrorReport, type ErrorReport } from '../errors.ts';
import { ProcessSeries } from './process-series.ts';
import { RunHistoryFile } from './run-history.ts';
import type { RunOutcome } from './run-outcome.ts';
import type { RunPlan } from './run-plan.ts';
import type { RunResources } from './run-resources.ts';
import { StressRun } from './stress-run.ts';

/** A run that could not be made, which allows no conclusion about the product. */
export interface FailedRun {
  readonly plan: RunPlan;
  readonly error: ErrorReport;
}

export interface StressRunsOptions {
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
  readonly onRun: (outcome: RunOutcome | FailedRun) => boolean;
}

/**
 * Makes one run after the other, on the same brokers as long as they are usable, until the plans or
 * the user end it.
 */
export async function stressRuns(plans: Iterable<RunPlan>, options: StressRunsOptions): Promise<void> {
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
async function recordedRun(
  plan: RunPlan,
  resources: RunResources,
  options: StressRunsOptions & { readonly processSeries: ProcessSeries },
): Promise<RunOutcome> {
  await options.processSeries.begin();
  const history = new RunHistoryFile(options.historyFolder, plan);
  const outcome = await new StressRun(plan, resources, { ...options, historyFile: history.stream }).outcome();
  if (options.keepAll || outcome.checks.some(({ violationsTotal }) => violationsTotal > 0)) return outcome;
  history.remove();
  return { ...outcome, historyFile: undefined };
}
