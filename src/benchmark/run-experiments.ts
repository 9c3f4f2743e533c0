import type { BenchConfig } from '../config/bench.ts';
import { experiments, type ExperimentId } from './experiments/all-experiments.ts';
import type { Experiment } from './experiments/experiment.ts';
import { describeWorkload } from '../workload/workload.ts';
import type { WorkloadFacts } from '../results/report-parts.ts';
import type { BenchReport } from '../results/schema.ts';
import type { BenchOptions } from './bench-options.ts';
import type { BenchProgress } from './bench-topic.ts';

/** An experiment to run, with the input from its command line. */
export interface SelectedExperiment {
  readonly id: ExperimentId;
  /** Untyped here; the experiment's declaration guarantees the type. */
  readonly input: unknown;
}

/** The results of all experiments of a bench. */
export interface ExperimentsMade {
  readonly sections: Partial<Pick<BenchReport, ExperimentId>>;
  readonly runs: number;
  readonly runsVerified: number;
  readonly runsPlanned: number;
  /** Workload facts for a report without lanes. */
  readonly workload: WorkloadFacts | undefined;
  /** The error that ended the experiments early, if any. */
  readonly error: unknown;
}

export const nothingMade: ExperimentsMade = {
  sections: {},
  ...{ runs: 0, runsVerified: 0, runsPlanned: 0 },
  ...{ workload: undefined, error: undefined },
};

/**
 * Runs experiments one after the other, each on a separate topic, until one of them fails.
 * @param plan.left - receives every topic and group to delete, even when an experiment throws
 */
export async function runExperiments(
  options: BenchOptions,
  plan: {
    readonly selected: readonly SelectedExperiment[];
    readonly topicName: string;
    readonly left: { readonly topics: string[]; readonly groupIds: string[] };
  },
  progress: BenchProgress,
): Promise<ExperimentsMade> {
  let all = nothingMade;
  for (const { id, input } of plan.selected) {
    const experiment: Experiment<unknown, unknown> = experiments[id];
    const topic = `${plan.topicName}-${id}`;
    plan.left.topics.push(topic);
    const runner = await experiment.load();
    const made = await runner.run({ ...options, topic, progress }, input);
    for (const groupId of made.groupIds) plan.left.groupIds.push(groupId);
    const runs = experiment.runs(made.section);
    all = {
      sections: { ...all.sections, [id]: made.section },
      runs: all.runs + runs.length,
      runsVerified: all.runsVerified + runs.filter(({ verified }) => verified).length,
      runsPlanned: all.runsPlanned + made.runsPlanned,
      workload: workloadOf(options, { topic, workload: all.workload, made }),
      error: made.error,
    };
    if (made.error !== undefined) break;
  }
  return all;
}

/** Names the first topic, and sums the records of all topics. */
function workloadOf(
  { config, workload: source }: BenchOptions,
  facts: {
    readonly topic: string;
    readonly workload: WorkloadFacts | undefined;
    readonly made: { readonly records: number; readonly words: number };
  },
): WorkloadFacts {
  const { workload, made } = facts;
  return {
    corpus: describeWorkload(source),
    topic: workload?.topic ?? facts.topic,
    partitions: config.partitions,
    records: (workload?.records ?? 0) + made.records,
    words: (workload?.words ?? 0) + made.words,
    reference: 'generated',
  };
}

/** Pure: the lanes of `bench` that are experiments, in the order in which reports show them. */
export function experimentsOf({ lane }: Pick<BenchConfig, 'lane'>): SelectedExperiment[] {
  const ids = Object.keys(experiments) as ExperimentId[];
  return ids.filter((id) => lane.some((name) => name === id)).map((id) => ({ id, input: undefined }));
}
