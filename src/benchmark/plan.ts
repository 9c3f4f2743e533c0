import { seededRandom, shuffled } from '../seeded-random.ts';

export interface PlannedRun<Variant> {
  readonly variant: Variant;
  /** Counted from 1; 0 for a warm-up. */
  readonly repetition: number;
  /** Warm-ups are reported, but excluded from the statistics. */
  readonly warmUp: boolean;
}

export interface PlanOptions<Variant> {
  readonly variants: readonly Variant[];
  readonly repetitions: number;
  /** Number of warm-ups, all with the same variant. */
  readonly warmUps: number;
  readonly warmUpVariant: Variant;
  /** The same seed produces the same order. */
  readonly seed: number;
}

/**
 * Plans the order of all runs: warm-ups first, then repetitions. Each repetition contains every
 * variant once and is shuffled separately, so that drift of the machine (temperature, page cache,
 * other processes) affects all variants equally and not only the last one.
 */
export function planRuns<Variant>(options: PlanOptions<Variant>): PlannedRun<Variant>[] {
  const { variants, warmUpVariant } = options;
  const random = seededRandom(options.seed);
  const repetitions = Array.from({ length: options.repetitions }, (_, index) =>
    shuffled(variants, random).map((variant) => ({ variant, repetition: index + 1, warmUp: false })),
  );
  const warmUps = Array.from({ length: options.warmUps }, () => {
    return { variant: warmUpVariant, repetition: 0, warmUp: true };
  });
  return [...warmUps, ...repetitions.flat()];
}
