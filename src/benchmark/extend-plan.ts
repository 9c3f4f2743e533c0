import { nowMs } from '../time/clock.ts';
import { largest } from '../statistics/extremes.ts';
import { medianInterval, median, samplesOf } from '../statistics/statistics.ts';
import type { RunReport } from '../results/report-parts.ts';
import { planRuns, type PlannedRun, type PlanOptions } from './plan.ts';

export interface ExtendOptions extends Omit<PlanOptions, 'warmUps'> {
  /** Greatest distance of an end of the 95 % interval from its median, as a share of it. */
  readonly untilPrecision: number;
  /** time/clock.ts: no repetition is begun after it. */
  readonly deadlineMs: number;
}

/** Bounds a plan whose noise no number of runs makes small. */
const repetitionsMax = 1_000;

/**
 * Pure but for the clock: one more repetition of what is not precise enough yet, in an order of its own.
 * @returns no runs when all is precise, or time is up
 */
export function nextRepetition(runs: readonly RunReport[], options: ExtendOptions): readonly PlannedRun[] {
  const repetition = largest(runs.map((run) => run.repetition)) + 1;
  if (nowMs() >= options.deadlineMs || repetition > repetitionsMax) return [];
  const all = planRuns({ ...options, repetitions: 1, warmUps: 0, seed: options.seed + repetition });
  return all
    .filter(({ lane, members }) => !(precisionOf(runs, lane, members) <= options.untilPrecision))
    .map((run) => ({ ...run, repetition }));
}

/** Pure: how far an end of the 95 % interval of records per second is from its median. Infinity where there are too few runs for one. */
export function precisionOf(runs: readonly RunReport[], lane: RunReport['lane'], members: number): number {
  const rates = runs
    .filter((run) => run.lane === lane && run.members === members && !run.warmUp)
    .map(({ recordsPerSecond }) => recordsPerSecond);
  if (rates.length === 0) return Infinity;
  const samples = samplesOf(rates);
  const { low, high, coverage } = medianInterval(samples);
  const middle = median(samples);
  return coverage < 0.95 ? Infinity : Math.max(high - middle, middle - low) / middle;
}
