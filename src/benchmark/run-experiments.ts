import { experimentIds, experiments, type ExperimentId } from './experiments/all-experiments.ts';
import type { Experiment } from './experiments/experiment.ts';
import type { WorkloadFacts } from '../results/report-parts.ts';
import { fieldsOf } from '../results/report-sections.ts';
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
  /** The fields of the report that hold the results. */
  readonly fields: ReturnType<typeof fieldsOf>;
  readonly runs: number;
  readonly runsVerified: number;
  readonly runsPlanned: number;
  /** Of the first experiment. */
  readonly workload: WorkloadFacts | undefined;
  /** The error that ended the experiments early, if any. */
  readonly error: unknown;
}

const nothingMade: ExperimentsMade = {
  fields: {},
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
    /** Prefix of the names of new topics. */
    readonly topicName: string;
    readonly left: { readonly topics: string[]; readonly groupIds: string[] };
  },
  progress: BenchProgress,
): Promise<ExperimentsMade> {
  let all = nothingMade;
  for (const { id, input } of plan.selected) {
    const experiment: Experiment<unknown, unknown> = experiments[id];
    const { topic: existing } = options.config;
    const topic = existing ?? `${plan.topicName}-${id}`;
    if (existing === undefined) plan.left.topics.push(topic);
    const runner = await experiment.load();
    const made = await runner.run({ ...options, topic, progress }, input);
    for (const groupId of made.groupIds) plan.left.groupIds.push(groupId);
    const runs = experiment.runs(made.section);
    all = {
      fields: { ...all.fields, ...fieldsOf({ experiment, section: made.section }) },
      runs: all.runs + runs.length,
      runsVerified: all.runsVerified + runs.filter(({ verified }) => verified).length,
      runsPlanned: all.runsPlanned + made.runsPlanned,
      workload: all.workload ?? made.workload,
      error: made.error,
    };
    if (made.error !== undefined) break;
  }
  return all;
}

/** Pure: the experiments that lanes of `bench` select, in the order in which they run. */
export function experimentsOf({ lane }: { readonly lane: readonly string[] }): SelectedExperiment[] {
  return experimentIds
    .filter((id) => lane.some((name) => Object.hasOwn(experiments[id].benchLanes ?? {}, name)))
    .map((id) => ({ id, input: undefined }));
}
