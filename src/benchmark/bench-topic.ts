import type { Lane } from '../config/lanes.ts';
import type { WorkloadFacts } from '../results/report-parts.ts';
import type { LaneTarget } from './lane-target.ts';

/** A topic to measure on, with what each lane reads of it. */
export interface BenchTopic {
  readonly topic: string;
  readonly partitions: number;
  readonly workload: WorkloadFacts;
  readonly targets: ReadonlyMap<Lane, LaneTarget>;
}

/** How a bench is followed, and stopped. */
export interface BenchProgress {
  readonly signal: AbortSignal;
  log(line: string): void;
  /** Trouble that may pass; repetitions are not worth a line each. */
  notice(text: string): void;
  /** What must be known also where logs are not wanted. */
  warn(line: string): void;
  /** Replaces the line before; called often. */
  live(line: string): void;
}
