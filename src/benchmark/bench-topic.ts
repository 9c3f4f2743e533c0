import type { WorkloadFacts } from '../results/report-parts.ts';
import type { LaneTarget } from './lane-target.ts';

/** A topic to benchmark, with the offset range and reference counts of each service time. */
export interface BenchTopic {
  readonly topic: string;
  readonly partitions: number;
  readonly workload: WorkloadFacts;
  /** By service time per record, microseconds. */
  readonly targets: ReadonlyMap<number, LaneTarget>;
}

/** Receives the progress of a bench, and can abort it. */
export interface BenchProgress {
  readonly signal: AbortSignal;
  log(line: string): void;
  /** Reports a possibly transient problem; repetitions may be suppressed. */
  notice(text: string): void;
  /** Reports a problem that is shown even when progress is not. */
  warn(line: string): void;
  /** Replaces the previous progress line; called frequently. */
  live(line: string): void;
}
