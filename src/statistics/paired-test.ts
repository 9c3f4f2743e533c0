import { median, samplesOf, type Samples } from './statistics.ts';
import { normalCdf, normalQuantile } from './rank-tests.ts';

export interface PairedTest {
  /** Two-sided: how often pairs without a difference would look at least this different. */
  readonly pValue: number;
  /** Hodges and Lehmann: the median of the means of all pairs of differences. */
  readonly shift: number;
  readonly low: number;
  readonly high: number;
  readonly coverage: number;
}

/** Up to here all signs are counted out. */
const exactMax = 60;

/**
 * Wilcoxon's signed rank test of paired differences, with the interval of their centre. Exact, ties
 * included, up to 60 pairs. Pairs without a difference are left out of the test, and kept in the
 * interval.
 * @param differences - after minus before, one a pair
 */
export function pairedTest(differences: Samples, confidence = 0.95): PairedTest {
  const nonZero = differences.filter((value) => value !== 0);
  const means = differences.flatMap((value, index) => differences.slice(index).map((other) => (value + other) / 2));
  const ascending = Float64Array.from(means).sort();
  const { rank, coverage } = intervalRank(differences.length, confidence);
  return {
    pValue: nonZero.length === 0 ? 1 : signedRankP(nonZero),
    shift: median(samplesOf(means)),
    low: ascending[rank] ?? NaN,
    high: ascending[ascending.length - 1 - rank] ?? NaN,
    coverage,
  };
}

function signedRankP(differences: readonly number[]): number {
  const sizes = differences.map(Math.abs);
  const doubledRanks = sizes.map((size) => {
    const below = sizes.filter((other) => other < size).length;
    const equal = sizes.filter((other) => other === size).length;
    return 2 * below + equal + 1;
  });
  const total = doubledRanks.reduce((sum, rank) => sum + rank, 0);
  const positive = doubledRanks.reduce((sum, rank, index) => sum + ((differences[index] ?? 0) > 0 ? rank : 0), 0);
  const distance = Math.abs(2 * positive - total);
  if (differences.length > exactMax) {
    const deviation = Math.sqrt(doubledRanks.reduce((sum, rank) => sum + rank ** 2, 0));
    return Math.min(1, 2 * (1 - normalCdf(distance / deviation)));
  }
  const chances = sumChances(doubledRanks);
  return Math.min(
    1,
    chances.reduce((sum, chance, value) => (Math.abs(2 * value - total) >= distance ? sum + chance : sum), 0),
  );
}

/** Probability of each sum when every number is taken with one half. */
function sumChances(numbers: readonly number[]): Float64Array {
  const total = numbers.reduce((sum, value) => sum + value, 0);
  let chances = new Float64Array(total + 1);
  chances[0] = 1;
  for (const number of numbers) {
    chances = chances.map((chance, sum) => (chance + (sum >= number ? (chances[sum - number] ?? 0) : 0)) / 2);
  }
  return chances;
}

/** How many means to leave out at each end. */
function intervalRank(count: number, confidence: number): { readonly rank: number; readonly coverage: number } {
  if (count > exactMax) {
    const mean = (count * (count + 1)) / 4;
    const deviation = Math.sqrt((count * (count + 1) * (2 * count + 1)) / 24);
    const z = normalQuantile(1 - (1 - confidence) / 2);
    return { rank: Math.max(0, Math.floor(mean - z * deviation)), coverage: confidence };
  }
  const chances = sumChances(Array.from({ length: count }, (_, index) => index + 1));
  let outside = 0;
  let rank = 0;
  let coverage = 1 - 2 * (chances[0] ?? 0);
  for (let below = 0; below < chances.length / 2; below += 1) {
    outside += chances[below] ?? 0;
    if (1 - 2 * outside < confidence) break;
    rank = below;
    coverage = 1 - 2 * outside;
  }
  return { rank, coverage: Math.max(0, coverage) };
}
