import type { ResolvedBrokers } from '../brokers/resolve.ts';
import type { BenchConfig } from '../config/bench.ts';
import type { Workload } from '../workload/workload.ts';

export interface BenchOptions {
  readonly config: BenchConfig;
  /** Records for a new topic, used when the configuration names no topic. */
  readonly workload: Workload;
  readonly brokers: ResolvedBrokers;
}
