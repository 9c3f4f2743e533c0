import type { Lane } from '../config/lanes.ts';
import { largest } from '../statistics/extremes.ts';
import { seededRandom, shuffled } from '../seeded-random.ts';

export interface PlannedRun {
  readonly lane: Lane;
  readonly members: number;
  /** From 1; 0 for a warm-up. */
  readonly repetition: number;
  /** Reported, but left out of the statistics. */
  readonly warmUp: boolean;
}

export interface PlanOptions {
  readonly lanes: readonly Lane[];
  readonly members: readonly number[];
  readonly repetitions: number;
  readonly warmUps: number;
  /** The same seed gives the same order. */
  readonly seed: number;
}

/**
 * The order of all runs: warm-ups, then each repetition with every lane and number of members once, shuffled anew, so
 * that a drift of the machine (heat, page cache, neighbours) falls on all of them alike instead of on the last.
 */
export function planRuns(options: PlanOptions): PlannedRun[] {
  const random = seededRandom(options.seed);
  const combinations = options.lanes.flatMap((lane) => options.members.map((members) => ({ lane, members })));
  const repetitions = Array.from({ length: options.repetitions }, (_, index) =>
    shuffled(combinations, random).map((run) => ({ ...run, repetition: index + 1, warmUp: false })),
  );
  return [...warmUps(options), ...repetitions.flat()];
}

/** What warms up is the brokers (page cache, compiled code): plain draining with all members does it fastest. */
function warmUps({ lanes: wanted, members, warmUps: count }: PlanOptions): PlannedRun[] {
  const lane = wanted.includes('drain') ? 'drain' : 'work';
  return Array.from({ length: count }, () => ({ lane, members: largest(members), repetition: 0, warmUp: true }));
}
