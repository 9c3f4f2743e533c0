import { bothSides, type Units } from './joint-permutation.ts';
import { seededRandom, shuffled } from '../seeded-random.ts';
import { median, samplesOf, type Samples } from './statistics.ts';

/** Theil and Sen: the median of the slopes of all pairs, per step. At least two values. */
export function slopeOf(series: Samples): number {
  const slopes = series.flatMap((value, index) =>
    series.slice(index + 1).map((later, distance) => (later - value) / (distance + 1)),
  );
  return median(samplesOf(slopes));
}

export interface Jump {
  /** Index of the first value after the jump. */
  readonly at: number;
  /** Median after minus median before. */
  readonly shift: number;
}

/**
 * Where a series most probably jumps upwards from one level to another, by the sums of its ranks.
 * At least two values.
 */
export function jumpOf(series: Samples): Jump {
  const { at } = greatestRise(centredRanks(series));
  const shift = median(samplesOf(series.slice(at))) - median(samplesOf(series.slice(0, at)));
  return { at, shift };
}

/** P-values of every row, one-sided for a rise, adjusted for both tests of all rows. */
export interface RiseTest {
  readonly jump: readonly number[];
  readonly drift: readonly number[];
}

/** Orders that are drawn, always with the same seed. */
const ordersDrawn = 2_000;

/**
 * Does any row rise from unit to unit, in one jump (the greatest rank sum after a cut) or steadily
 * (Spearman)? Units are put into another order, all rows together, so that rows may depend on each
 * other in any way.
 */
export function jointRiseTest(rows: Units): RiseTest {
  const units = rows[0]?.length ?? 0;
  const ranks = rows.map(centredRanks);
  const random = seededRandom(1);
  const observed = Array.from({ length: units }, (_, unit) => unit);
  const orders = [observed, ...Array.from({ length: ordersDrawn - 1 }, () => shuffled(observed, random))];
  const arrangements = standardized(
    orders.map((order) =>
      Float64Array.from(
        ranks.flatMap((row) => {
          const series = order.map((unit) => row[unit] ?? 0);
          return [greatestRise(series).size, series.reduce((sum, rank, place) => sum + rank * place, 0)];
        }),
      ),
    ),
  );
  const { greater } = bothSides(arrangements);
  return {
    jump: rows.map((_, row) => greater[2 * row] ?? 1),
    drift: rows.map((_, row) => greater[2 * row + 1] ?? 1),
  };
}

/** Ranks around 0: ties share theirs. */
function centredRanks(series: readonly number[]): number[] {
  return series.map((value) => series.reduce((sum, other) => sum + Math.sign(value - other), 0) / 2);
}

/**
 * The greatest rank sum after a cut, in units of its deviation by chance, so that a cut near an end
 * counts as well.
 */
function greatestRise(ranks: readonly number[]): { readonly at: number; readonly size: number } {
  const count = ranks.length;
  let best = { at: 1, size: -Infinity };
  let sum = 0;
  for (let at = count - 1; at >= 1; at -= 1) {
    sum += ranks[at] ?? 0;
    const size = sum / Math.sqrt(at * (count - at));
    if (size > best.size) best = { at, size };
  }
  return best;
}

/** Statistics of different kinds on one scale: mean 0 and variance 1 over all arrangements. */
function standardized(arrangements: readonly Float64Array[]): Float64Array[] {
  const count = arrangements.length;
  const columns = [...(arrangements[0]?.keys() ?? [])].map((column) => {
    const mean = arrangements.reduce((sum, values) => sum + (values[column] ?? 0), 0) / count;
    const variance = arrangements.reduce((sum, values) => sum + ((values[column] ?? 0) - mean) ** 2, 0) / count;
    return { mean, deviation: Math.sqrt(variance) || 1 };
  });
  return arrangements.map((values) =>
    values.map((value, column) => (value - (columns[column]?.mean ?? 0)) / (columns[column]?.deviation ?? 1)),
  );
}
