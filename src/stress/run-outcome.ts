import type { CheckResult } from '../verify/check.ts';
import type { RunPlan } from './run-plan.ts';

/** A fault with its times. */
export interface HappenedFault {
  readonly kind: string;
  readonly target: string;
  /** Times since the release of the group. */
  readonly beganAtMs: number;
  readonly endedAtMs: number;
}

export interface MeasuredTakeover {
  /** Kind of the fault that hit the owner. */
  readonly cause: string;
  readonly tookMs: number;
}

/** Records counted in each slice of time since the release. */
export interface ThroughputOverTime {
  readonly sliceMs: number;
  readonly records: readonly number[];
}

/** What names a run, and its planned faults. */
export interface RunIdentity extends Pick<RunPlan, 'seed' | 'protocol'> {
  readonly faults: readonly unknown[];
}

/** The result of one run. */
export interface RunOutcome<Plan extends RunIdentity = RunPlan> {
  readonly plan: Plan;
  /** True when the user ended it early. */
  readonly interrupted: boolean;
  /** From the release to the verdict. */
  readonly durationMs: number;
  readonly faults: readonly HappenedFault[];
  /** Number of faults that had an effect, also of those that could not be ended. */
  readonly faultsInjected: number;
  /** Planned faults that were skipped or could not begin, each with the reason. */
  readonly missed: readonly string[];
  readonly checks: readonly CheckResult[];
  readonly takeovers: readonly MeasuredTakeover[];
  readonly throughput: ThroughputOverTime;
  readonly records: number;
  readonly words: number;
  /** Number of members that crashed, for any reason. */
  readonly crashes: number;
  /** Number of writes that were refused because they came too late. */
  readonly refused: number;
  readonly historyFile: string | undefined;
}
