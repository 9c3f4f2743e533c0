import { median, samplesOf } from './statistics.ts';

/**
 * Iglewicz and Hoaglin: beyond this many robust standard deviations from the median a value is an
 * outlier.
 */
const outlierScore = 3.5;
/** Standard deviation over median absolute deviation of a normal distribution. */
const normalScale = 1.4826;
/** With fewer, one odd value hides another. */
const samplesMin = 5;

/**
 * Finds samples that differ much from the others. Reports name them and do not leave them out.
 * @returns their indices; none for fewer than 5 samples
 */
export function outliersOf(values: readonly number[]): number[] {
  if (values.length < samplesMin) return [];
  const centre = median(samplesOf(values));
  const spread = normalScale * median(samplesOf(values.map((value) => Math.abs(value - centre))));
  // When more than half of the samples are equal, the spread is 0: rounding must not count.
  const least = 1e-9 * Math.abs(centre);
  return values.flatMap((value, index) =>
    Math.abs(value - centre) > Math.max(outlierScore * spread, least) ? [index] : [],
  );
}
