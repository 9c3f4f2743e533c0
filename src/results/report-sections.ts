import {
  experimentIds,
  experiments,
  type ExperimentId,
  type SectionId,
} from '../benchmark/experiments/all-experiments.ts';
import type { Experiment } from '../benchmark/experiments/experiment.ts';
import type { LaneResults } from './report-parts.ts';
import type { BenchReport } from './schema.ts';

/** An experiment with its section of a report. */
export interface ReportSection {
  readonly experiment: Experiment<unknown, unknown>;
  readonly section: unknown;
}

type Sections = { readonly [Id in SectionId]?: BenchReport[Id] };

/** Pure: the experiments whose results a report contains, in the order of `experiments`. */
export function sectionsIn(report: LaneResults & Pick<BenchReport, 'workload'> & Sections): ReportSection[] {
  const fields: Readonly<Record<string, unknown>> = report;
  return experimentIds.flatMap((id) => {
    const experiment: Experiment<unknown, unknown> = experiments[id];
    const section = experiment.inLanes === undefined ? fields[id] : experiment.inLanes.read(report);
    return section === undefined ? [] : [{ experiment, section }];
  });
}

/** Pure: the fields of a report that hold a section. */
export function fieldsOf({ experiment, section }: ReportSection): Partial<LaneResults> & Sections {
  return experiment.inLanes === undefined ? { [experiment.id]: section } : experiment.inLanes.write(section);
}

/** Pure: the ids of the experiments whose results a report contains. */
export function idsIn(report: Parameters<typeof sectionsIn>[0]): ExperimentId[] {
  const own = sectionsIn(report).map(({ experiment }) => experiment.id);
  return experimentIds.filter((id) => own.includes(id));
}
