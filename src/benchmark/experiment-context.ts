import type { ResolvedBrokers } from '../brokers/resolve.ts';
import type { BenchConfig } from '../config/bench.ts';
import type { WorkloadFacts } from '../results/report-parts.ts';
import { describeWorkload, type Workload } from '../workload/workload.ts';
import type { BenchProgress } from './bench-topic.ts';

/** What the engine provides to an experiment. */
export interface ExperimentContext {
  readonly config: BenchConfig;
  readonly workload: Workload;
  readonly brokers: ResolvedBrokers;
  /** An existing topic with `--topic`; otherwise one to create, which the engine deletes afterwards. */
  readonly topic: string;
  readonly progress: BenchProgress;
}

/** The result of an experiment. */
export interface ExperimentMade<Section> {
  readonly section: Section;
  readonly runsPlanned: number;
  readonly workload: WorkloadFacts;
  /** Groups of every run that was started; the engine deletes them. */
  readonly groupIds: readonly string[];
  /**
   * The error that ended the experiment early, if any; the section contains the runs made until
   * then.
   */
  readonly error: unknown;
}

/** Pure: the workload of an experiment that feeds its topic during its runs. */
export function fedWorkload(
  { config, workload, topic }: ExperimentContext,
  { records, words }: Pick<WorkloadFacts, 'records' | 'words'>,
): WorkloadFacts {
  const { partitions } = config;
  return { corpus: describeWorkload(workload), topic, partitions, records, words, reference: 'generated' };
}
