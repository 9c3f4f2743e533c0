import assert from 'node:assert';

/** Measurements of one quantity; at least one. */
export type Samples = readonly [number, ...number[]];

/** Where the true value lies. */
export interface Interval {
  readonly low: number;
  readonly high: number;
  /**
   * Probability that intervals made this way hold the true value; below the asked one when samples
   * are too few.
   */
  readonly coverage: number;
  readonly method: 'range' | 'order-statistics';
}

/**
 * With fewer samples not even their whole range holds the median with 95 %: 1 - 2^(1-n) is 93.75 %
 * at 5.
 */
export const samplesForInterval = 6;

/**
 * Narrows a list to Samples. @throws AssertionError when it is empty or holds something else than
 * finite numbers
 */
export function samplesOf(values: readonly number[]): Samples {
  assert(values.length > 0, 'no samples');
  assert(values.every(Number.isFinite), 'a sample is not a finite number');
  return values as unknown as Samples;
}

/**
 * Linear interpolation between the closest ranks (R's type 7, the one of NumPy and of
 * spreadsheets).
 * @param share - from 0, the least sample, to 1, the greatest
 */
export function quantile(samples: Samples, share: number): number {
  assert(share >= 0 && share <= 1);
  return quantileOfSorted(sorted(samples), share);
}

export function median(samples: Samples): number {
  return quantile(samples, 0.5);
}

/**
 * Interval of the median from order statistics: the k-th least and the k-th greatest sample. It
 * supposes nothing about the distribution, its coverage is exact (binomial), and it needs no random
 * numbers; the bootstrap of a median of few samples promises 95 % and keeps less. With too few
 * samples it is their range, and the coverage says what that is worth.
 * @param confidence - wanted coverage, in (0, 1)
 */
export function medianInterval(samples: Samples, confidence = 0.95): Interval {
  const ascending = sorted(samples);
  const count = ascending.length;
  let outside = 0;
  let rank = 0;
  let coverage = 1 - 2 * 0.5 ** count;
  for (let below = 0; below < count / 2; below += 1) {
    outside += binomialHalf(count, below);
    if (1 - 2 * outside < confidence) break;
    rank = below;
    coverage = 1 - 2 * outside;
  }
  return {
    low: ascending[rank] ?? NaN,
    high: ascending[count - 1 - rank] ?? NaN,
    coverage: Math.max(0, coverage),
    method: coverage >= confidence ? 'order-statistics' : 'range',
  };
}

/**
 * Ratio of two medians, with its interval: the quotients of the ends of both medians' intervals.
 * Each holds its median with at least half of the chance to miss, so the coverage is right even
 * when numerator and denominator depend on each other, as runs of one repetition do.
 * @param denominator - all above 0
 */
export function ratioOfMedians(
  numerator: Samples,
  denominator: Samples,
  confidence = 0.95,
): { readonly ratio: number; readonly interval: Interval } {
  assert(
    denominator.every((sample) => sample > 0),
    'a denominator is not positive',
  );
  const each = (1 + confidence) / 2;
  const above = medianInterval(numerator, each);
  const below = medianInterval(denominator, each);
  const isRange = above.method === 'range' || below.method === 'range';
  return {
    ratio: median(numerator) / median(denominator),
    interval: {
      low: above.low / below.high,
      high: above.high / below.low,
      coverage: Math.max(0, above.coverage + below.coverage - 1),
      method: isRange ? 'range' : 'order-statistics',
    },
  };
}

function sorted(samples: Samples): Float64Array {
  return Float64Array.from(samples).sort();
}

function quantileOfSorted(ascending: Float64Array, share: number): number {
  const place = share * (ascending.length - 1);
  const lower = Math.floor(place);
  const low = ascending[lower] ?? NaN;
  const high = ascending[Math.min(lower + 1, ascending.length - 1)] ?? NaN;
  return low + (high - low) * (place - lower);
}

/**
 * Probability of `successes` heads in `count` throws of a fair coin; in logarithms, since 2^-count
 * underflows.
 */
function binomialHalf(count: number, successes: number): number {
  let logarithm = -count * Math.LN2;
  for (let index = 0; index < successes; index += 1) logarithm += Math.log((count - index) / (index + 1));
  return Math.exp(logarithm);
}
