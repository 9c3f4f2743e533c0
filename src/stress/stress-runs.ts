import { toErrorReport, type ErrorReport } from '../errors.ts';
import type { RunOutcome } from './run-outcome.ts';
import type { RunPlan } from './run-plan.ts';
import type { RunResources } from './run-resources.ts';
import { StressRun } from './stress-run.ts';

/** A run that could not be made, which says nothing about what is tested. */
export interface FailedRun {
  readonly plan: RunPlan;
  readonly error: ErrorReport;
}

export interface StressRunsOptions {
  /** Brokers for the next runs; asked again when a run has left them unusable. */
  readonly open: () => Promise<RunResources>;
  readonly signal: AbortSignal;
  readonly killSignal: AbortSignal;
  readonly log: (line: string) => void;
  readonly onRun: (outcome: RunOutcome | FailedRun) => void;
}

/** One run after the other, on the same brokers as long as they last, until the plans or the user end it. */
export async function stressRuns(plans: Iterable<RunPlan>, options: StressRunsOptions): Promise<void> {
  let resources: RunResources | undefined;
  try {
    for (const plan of plans) {
      if (options.signal.aborted) return;
      resources ??= await options.open();
      try {
        options.onRun(await new StressRun(plan, resources, options).outcome());
      } catch (error) {
        options.killSignal.throwIfAborted();
        options.onRun({ plan, error: toErrorReport(error) });
        await resources.close();
        resources = undefined;
      }
    }
  } finally {
    await resources?.close();
  }
}
