/** Shortest series in which a warm-up can be distinguished from noise. */
export const warmUpSamplesMin = 8;

/**
 * Number of values at the start of a series that are warm-up, by the MSER rule (White 1997): it
 * cuts where the standard error of the mean of the rest is least. At most half of the series is
 * cut.
 * @returns 0 for a series without warm-up; undefined for a series of fewer than 8 values
 */
export function warmUpLength(series: readonly number[]): number | undefined {
  if (series.length < warmUpSamplesMin) return undefined;
  let best = 0;
  let least = Infinity;
  for (let cut = 0; cut <= series.length / 2; cut += 1) {
    const rest = series.slice(cut);
    const mean = rest.reduce((sum, value) => sum + value, 0) / rest.length;
    const squares = rest.reduce((sum, value) => sum + (value - mean) ** 2, 0);
    const error = squares / rest.length ** 2;
    // Rounding must not make a constant series look better by cutting it.
    if (error + (1e-9 * mean) ** 2 < least) {
      least = error;
      best = cut;
    }
  }
  return best;
}
