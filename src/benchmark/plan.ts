import type { Lane } from '../config/lanes.ts';
import { largest } from '../statistics/extremes.ts';
import { seededRandom, shuffled } from '../seeded-random.ts';

export interface PlannedRun {
  readonly lane: Lane;
  readonly members: number;
  /** Counted from 1; 0 for a warm-up. */
  readonly repetition: number;
  /** Warm-ups are reported, but excluded from the statistics. */
  readonly warmUp: boolean;
}

export interface PlanOptions {
  readonly lanes: readonly Lane[];
  readonly members: readonly number[];
  readonly repetitions: number;
  readonly warmUps: number;
  /** The same seed produces the same order. */
  readonly seed: number;
}

/**
 * Plans the order of all runs: warm-ups first, then repetitions. Each repetition contains every
 * lane and number of members once and is shuffled separately, so that drift of the machine
 * (temperature, page cache, other processes) affects all combinations equally and not only the last
 * one.
 */
export function planRuns(options: PlanOptions): PlannedRun[] {
  const random = seededRandom(options.seed);
  const combinations = options.lanes.flatMap((lane) => options.members.map((members) => ({ lane, members })));
  const repetitions = Array.from({ length: options.repetitions }, (_, index) =>
    shuffled(combinations, random).map((run) => ({ ...run, repetition: index + 1, warmUp: false })),
  );
  return [...warmUps(options), ...repetitions.flat()];
}

/**
 * Warm-ups prepare the brokers (page cache, JIT-compiled code). Draining with the maximum number of
 * members does this fastest.
 */
function warmUps({ lanes: wanted, members, warmUps: count }: PlanOptions): PlannedRun[] {
  const lane = wanted.includes('drain') ? 'drain' : 'work';
  return Array.from({ length: count }, () => ({ lane, members: largest(members), repetition: 0, warmUp: true }));
}
