import type { ResolvedBrokers } from '../brokers/resolve.ts';
import type { BenchConfig } from '../config/bench.ts';
import type { Workload } from '../workload/workload.ts';
import type { BenchProgress } from './bench-topic.ts';

/** What the engine provides to an experiment. */
export interface ExperimentContext {
  readonly config: BenchConfig;
  readonly workload: Workload;
  readonly brokers: ResolvedBrokers;
  /** Name of a topic that does not exist yet; the engine deletes it afterwards. */
  readonly topic: string;
  readonly progress: BenchProgress;
}

/** The result of an experiment. */
export interface ExperimentMade<Section> {
  readonly section: Section;
  readonly runsPlanned: number;
  /** Sum over all runs. */
  readonly records: number;
  readonly words: number;
  /** Groups of every run that was started; the engine deletes them. */
  readonly groupIds: readonly string[];
  /**
   * The error that ended the experiment early, if any; the section contains the runs made until
   * then.
   */
  readonly error: unknown;
}
