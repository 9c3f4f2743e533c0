import { nowMs } from '../time/clock.ts';
import { largest } from '../statistics/extremes.ts';
import { medianInterval, median, samplesOf } from '../statistics/statistics.ts';
import type { RunReport } from '../results/report-parts.ts';
import { planRuns, type PlannedRun, type PlanOptions } from './plan.ts';

export interface ExtendOptions extends Omit<PlanOptions, 'warmUps'> {
  /**
   * Target precision: maximum distance between the median and either end of its 95 % interval,
   * relative to the median.
   */
  readonly untilPrecision: number;
  /** Monotonic clock (time/clock.ts); no repetition starts after it. */
  readonly deadlineMs: number;
}

/** Ends plans whose noise prevents the target precision. */
const repetitionsMax = 1_000;

/**
 * Plans one more repetition, in a new random order, of the combinations that have not reached the
 * target precision. Pure except for reading the clock.
 * @returns no runs when all are precise enough, or the deadline has passed
 */
export function nextRepetition(runs: readonly RunReport[], options: ExtendOptions): readonly PlannedRun[] {
  const repetition = largest(runs.map((run) => run.repetition)) + 1;
  if (nowMs() >= options.deadlineMs || repetition > repetitionsMax) return [];
  const all = planRuns({ ...options, repetitions: 1, warmUps: 0, seed: options.seed + repetition });
  return all
    .filter(({ lane, members }) => !(precisionOf(runs, lane, members) <= options.untilPrecision))
    .map((run) => ({ ...run, repetition }));
}

/**
 * Pure: the greater distance between the median of records per second and an end of its 95 %
 * interval, relative to the median. Infinity when there are too few runs for such an interval.
 */
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
