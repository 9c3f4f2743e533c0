import type { ResolvedBrokers } from '../brokers/resolve.ts';
import type { BenchConfig } from '../config/bench.ts';
import type { Workload } from '../workload/workload.ts';

export interface BenchOptions {
  readonly config: BenchConfig;
  /** What a fresh topic is filled with, when the configuration names no topic. */
  readonly workload: Workload;
  readonly brokers: ResolvedBrokers;
}
