import { latency } from './latency/latency-experiment.ts';
import { rebalance } from './rebalance/rebalance-experiment.ts';
import { sweep } from './sweep/sweep-experiment.ts';
import { throughput } from './throughput/throughput-experiment.ts';

/** The experiments whose sections are fields of the report. The keys are their ids. */
export const sectionExperiments = { latency, rebalance, sweep } as const;

/** All experiments, in the order in which they run and in which reports show them. */
export const experiments = { throughput, ...sectionExperiments } as const;

export type SectionId = keyof typeof sectionExperiments;
export type ExperimentId = keyof typeof experiments;

export const experimentIds = Object.keys(experiments) as readonly ExperimentId[];
