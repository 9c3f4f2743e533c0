import { median, samplesOf } from './statistics.ts';

/** Iglewicz and Hoaglin: beyond this many robust standard deviations from the median a value is an outlier. */
const outlierScore = 3.5;
/** Of a normal distribution, standard deviation over median absolute deviation. */
const normalScale = 1.4826;
/** With fewer, one odd value hides another. */
const samplesMin = 5;

/** Which samples lie apart from the others: to be named, not to be left out. @returns their indices; none for fewer than 5 samples */
export function outliersOf(values: readonly number[]): number[] {
  if (values.length < samplesMin) return [];
  const centre = median(samplesOf(values));
  const spread = normalScale * median(samplesOf(values.map((value) => Math.abs(value - centre))));
  // More than half of the samples are equal: then a difference of rounding is none.
  const least = 1e-9 * Math.abs(centre);
  return values.flatMap((value, index) =>
    Math.abs(value - centre) > Math.max(outlierScore * spread, least) ? [index] : [],
  );
}
