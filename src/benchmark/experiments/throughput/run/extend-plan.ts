import type { Lane } from '../../../../config/lanes.ts';
import type { RunReport } from '../../../../results/report-parts.ts';
import { largest } from '../../../../statistics/extremes.ts';
import { medianInterval, median, samplesOf } from '../../../../statistics/statistics.ts';
import { nowMs } from '../../../../time/clock.ts';
import { planRuns, type PlannedRun } from '../../../plan.ts';
import type { Variant } from '../../../variant.ts';

/** A number of members in a lane. */
export interface LaneVariant extends Variant {
  readonly lane: Lane;
}

export interface ExtendOptions<V> {
  readonly variants: readonly V[];
  readonly seed: number;
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
 * Plans one more repetition, in a new random order, of the variants that have not reached the
 * target precision. Pure except for reading the clock.
 * @returns no runs when all are precise enough, or the deadline has passed
 */
export function nextRepetition<V extends Pick<LaneVariant, 'lane' | 'members'>>(
  runs: readonly RunReport[],
  { variants, seed, untilPrecision, deadlineMs }: ExtendOptions<V>,
): readonly PlannedRun<V>[] {
  const repetition = largest(runs.map((run) => run.repetition)) + 1;
  const [warmUpVariant] = variants;
  if (warmUpVariant === undefined || nowMs() >= deadlineMs || repetition > repetitionsMax) return [];
  const all = planRuns({ variants, warmUpVariant, repetitions: 1, warmUps: 0, seed: seed + repetition });
  return all
    .filter(({ variant: { lane, members } }) => !(precisionOf(runs, lane, members) <= untilPrecision))
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
