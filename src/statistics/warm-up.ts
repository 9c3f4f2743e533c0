/** Below this a series is too short to tell its start from its noise. */
export const warmUpSamplesMin = 8;

/**
 * How many values at the start of a series are warm-up: the MSER rule (White 1997), which cuts where the standard error of the
 * mean of what remains is least, so that a slow start goes and no more than that. At most half of the series is cut.
 * @returns 0 for a series without a start of its own; undefined for one of fewer than 8 values
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
