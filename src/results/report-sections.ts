import { experiments, type ExperimentId } from '../benchmark/experiments/all-experiments.ts';
import type { Experiment } from '../benchmark/experiments/experiment.ts';
import type { BenchReport } from './schema.ts';

/** An experiment with its section of a report. */
export interface ReportSection {
  readonly experiment: Experiment<unknown, unknown>;
  readonly section: unknown;
}

/** Pure: the experiments whose results a report contains, in the order of `experiments`. */
export function sectionsIn(report: { readonly [Id in ExperimentId]?: BenchReport[Id] }): ReportSection[] {
  return (Object.keys(experiments) as ExperimentId[]).flatMap((id) => {
    const section = report[id];
    return section === undefined ? [] : [{ experiment: experiments[id], section }];
  });
}
