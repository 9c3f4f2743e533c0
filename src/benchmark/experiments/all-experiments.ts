import { latency } from './latency/latency-experiment.ts';
import { rebalance } from './rebalance/rebalance-experiment.ts';
import { sweep } from './sweep/sweep-experiment.ts';

/** All experiments, in the order in which reports show them. The keys are their ids. */
export const experiments = { latency, rebalance, sweep } as const;

export type ExperimentId = keyof typeof experiments;
