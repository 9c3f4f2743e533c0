import type { CheckResult } from '../verify/check.ts';
import type { RunPlan } from './run-plan.ts';

/** One fault as it happened. */
export interface HappenedFault {
  readonly kind: string;
  readonly target: string;
  /** From the moment at which the group was released. */
  readonly beginMs: number;
  readonly endMs: number;
}

export interface MissedFault {
  readonly kind: string;
  readonly why: string;
}

export interface Takeover {
  /** Kind of the fault that hit the owner. */
  readonly cause: string;
  readonly tookMs: number;
}

/** Records counted in each slice of time since the release. */
export interface ThroughputOverTime {
  readonly sliceMs: number;
  readonly records: readonly number[];
}

/** What one run came to. */
export interface RunOutcome {
  readonly plan: RunPlan;
  /** Ended before its time by the user. */
  readonly interrupted: boolean;
  /** From the release to the verdict. */
  readonly durationMs: number;
  readonly faults: readonly HappenedFault[];
  readonly missed: readonly MissedFault[];
  readonly checks: readonly CheckResult[];
  readonly takeovers: readonly Takeover[];
  readonly throughput: ThroughputOverTime;
  readonly records: number;
  readonly words: number;
  /** Members that crashed, for whatever reason. */
  readonly crashes: number;
  /** Writes that came too late and were refused. */
  readonly refused: number;
  readonly historyFile: string | undefined;
}
