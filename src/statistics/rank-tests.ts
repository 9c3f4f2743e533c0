import assert from 'node:assert';
import { quantile, samplesOf, type Samples } from './statistics.ts';

/**
 * Samples of one quantity before and after, under the same conditions: one number of members, say.
 */
export interface Stratum {
  readonly before: Samples;
  readonly after: Samples;
}

export interface ShiftTest {
  /** Two-sided: how often equal quantities would look at least this different. */
  readonly pValue: number;
  /** After minus before, by Hodges and Lehmann: the median of all differences within strata. */
  readonly shift: number;
  /** Interval of the shift. Its coverage is below the wanted one when samples are too few. */
  readonly low: number;
  readonly high: number;
  readonly coverage: number;
  /**
   * Cliff's delta: share of pairs in which after is greater, less the share in which it is smaller;
   * -1 to 1.
   */
  readonly cliffsDelta: number;
}

/** Beyond this many samples of a stratum the exact distribution is not needed, and takes long. */
const exactMax = 80;

/**
 * Mann-Whitney U on one stratum, or the sum of U over several, each compared only with itself.
 * Exact, ties included, up to 80 samples a stratum, and by the normal approximation beyond; it
 * supposes nothing about distributions but that runs are independent.
 * @param confidence - of the interval, in (0, 1)
 */
export function shiftTest(strata: readonly Stratum[], confidence = 0.95): ShiftTest {
  assert(strata.length > 0);
  const differences = strata.flatMap(({ before, after }) => after.flatMap((y) => before.map((x) => y - x)));
  const statistic = differences.reduce((sum, value) => sum + Math.sign(value), 0);
  const exact = strata.every(({ before, after }) => before.length + after.length <= exactMax);
  const pValue = exact ? exactP(strata, statistic) : normalP(statistic, variance(strata));
  const ascending = Float64Array.from(differences).sort();
  const { rank, coverage } = intervalRank(strata, exact, confidence);
  return {
    pValue,
    shift: quantile(samplesOf(differences), 0.5),
    low: ascending[rank] ?? NaN,
    high: ascending[ascending.length - 1 - rank] ?? NaN,
    coverage,
    cliffsDelta: statistic / differences.length,
  };
}

/**
 * Distribution of the statistic S = (pairs with after > before) - (pairs with after < before) when
 * all orders of the pooled samples are equally likely. Index i holds the probability of S = i -
 * pairs.
 */
function nullDistribution(pooled: readonly number[], afterCount: number): Float64Array {
  const doubledRanks = doubledMidranks(pooled);
  const count = pooled.length;
  const pairs = afterCount * (count - afterCount);
  // S = doubled rank sum of `after` - afterCount (count + 1): ways[k][s] orders have k samples with
  // the sum s.
  const sumMax = doubledRanks.reduce((sum, value) => sum + value, 0);
  const ways = Array.from({ length: afterCount + 1 }, () => new Float64Array(sumMax + 1));
  (ways[0] as Float64Array)[0] = 1;
  doubledRanks.forEach((rank, index) => {
    for (let chosen = Math.min(afterCount, index + 1); chosen >= 1; chosen -= 1) {
      const from = ways[chosen - 1] as Float64Array;
      const to = ways[chosen] as Float64Array;
      for (let sum = sumMax; sum >= rank; sum -= 1) to[sum] = (to[sum] ?? 0) + (from[sum - rank] ?? 0);
    }
  });
  const counts = ways[afterCount] as Float64Array;
  const total = counts.reduce((sum, value) => sum + value, 0);
  const offset = afterCount * (count + 1) - pairs;
  return Float64Array.from({ length: 2 * pairs + 1 }, (_, index) => (counts[index + offset] ?? 0) / total);
}

/**
 * Twice the rank, from 2 on, so that ties, which share the mean of their ranks, stay whole numbers.
 */
function doubledMidranks(values: readonly number[]): number[] {
  return values.map((value) => {
    const below = values.filter((other) => other < value).length;
    const equal = values.filter((other) => other === value).length;
    return 2 * below + equal + 1;
  });
}

function summed(left: Float64Array, right: Float64Array): Float64Array {
  const result = new Float64Array(left.length + right.length - 1);
  left.forEach((probability, i) => {
    if (probability === 0) return;
    right.forEach((other, j) => (result[i + j] = (result[i + j] ?? 0) + probability * other));
  });
  return result;
}

function exactP(strata: readonly Stratum[], statistic: number): number {
  const distribution = strata
    .map(({ before, after }) => nullDistribution([...before, ...after], after.length))
    .reduce(summed);
  const centre = (distribution.length - 1) / 2;
  const p = distribution.reduce(
    (sum, probability, index) => (Math.abs(index - centre) >= Math.abs(statistic) ? sum + probability : sum),
    0,
  );
  return Math.min(1, p);
}

/** How many differences to leave out at each end for the interval: the test, turned round. */
function intervalRank(
  strata: readonly Stratum[],
  exact: boolean,
  confidence: number,
): { readonly rank: number; readonly coverage: number } {
  const pairs = strata.reduce((sum, { before, after }) => sum + before.length * after.length, 0);
  if (!exact) {
    const z = normalQuantile(1 - (1 - confidence) / 2);
    const rank = Math.max(0, Math.floor((pairs - z * Math.sqrt(variance(strata))) / 2));
    return { rank, coverage: confidence };
  }
  const untied = strata.map(({ before, after }) =>
    nullDistribution(
      Array.from({ length: before.length + after.length }, (_, index) => index),
      after.length,
    ),
  );
  const distribution = untied.reduce(summed);
  // Without ties S is pairs - 2 U, so every second entry is the probability of one more difference
  // below the shift.
  let outside = 0;
  let rank = -1;
  let coverage = 0;
  for (let below = 0; below < pairs / 2; below += 1) {
    outside += distribution[2 * below] ?? 0;
    if (rank >= 0 && 1 - 2 * outside < confidence) break;
    rank = below;
    coverage = 1 - 2 * outside;
    if (coverage < confidence) break;
  }
  return { rank: Math.max(0, rank), coverage: Math.max(0, coverage) };
}

/**
 * Of the statistic S under the null hypothesis, without the correction for ties, which are rare
 * among measured times.
 */
function variance(strata: readonly Stratum[]): number {
  return strata.reduce((sum, { before, after }) => {
    const [m, n] = [before.length, after.length];
    return sum + (m * n * (m + n + 1)) / 3;
  }, 0);
}

function normalP(statistic: number, ofVariance: number): number {
  const z = Math.max(0, Math.abs(statistic) - 1) / Math.sqrt(ofVariance);
  return Math.min(1, 2 * (1 - normalCdf(z)));
}

/** Abramowitz and Stegun 26.2.17: right to 7.5e-8. */
export function normalCdf(z: number): number {
  if (z === 0) return 0.5;
  if (z < 0) return 1 - normalCdf(-z);
  const t = 1 / (1 + 0.2316419 * z);
  const polynomial = t * (0.31938153 + t * (-0.356563782 + t * (1.781477937 + t * (-1.821255978 + t * 1.330274429))));
  return 1 - (Math.exp(-(z * z) / 2) / Math.sqrt(2 * Math.PI)) * polynomial;
}

/** Inverse of normalCdf, by bisection. @param share - in (0, 1) */
export function normalQuantile(share: number): number {
  assert(share > 0 && share < 1);
  let [low, high] = [-9, 9];
  while (high - low > 1e-9) {
    const middle = (low + high) / 2;
    if (normalCdf(middle) < share) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}
