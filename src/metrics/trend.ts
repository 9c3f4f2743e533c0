import { normalCdf } from './rank-tests.ts';
import { median, samplesOf, type Samples } from './statistics.ts';

export interface Trend {
  /** Mann and Kendall, two-sided: how often a series without a trend would look like this. */
  readonly pValue: number;
  /** Theil and Sen: the median of the slopes of all pairs, per step. */
  readonly slope: number;
}

/** A steady drift of a series, whatever its steps. Fewer than 4 values never show one. */
export function trendOf(series: Samples): Trend {
  const slopes: number[] = [];
  let rises = 0;
  for (const [index, value] of series.entries()) {
    for (let later = index + 1; later < series.length; later += 1) {
      const rise = (series[later] ?? NaN) - value;
      slopes.push(rise / (later - index));
      rises += Math.sign(rise);
    }
  }
  const count = series.length;
  if (count < 4) return { pValue: 1, slope: slopes.length === 0 ? 0 : median(samplesOf(slopes)) };
  const deviation = Math.sqrt((count * (count - 1) * (2 * count + 5) - tieTerm(series)) / 18);
  const z = deviation === 0 ? 0 : Math.max(0, Math.abs(rises) - 1) / deviation;
  return { pValue: 2 * (1 - normalCdf(z)), slope: median(samplesOf(slopes)) };
}

function tieTerm(series: Samples): number {
  const sizes = new Map<number, number>();
  for (const value of series) sizes.set(value, (sizes.get(value) ?? 0) + 1);
  return [...sizes.values()].reduce((sum, size) => sum + size * (size - 1) * (2 * size + 5), 0);
}

export interface Jump {
  /** Index of the first value after the jump. */
  readonly at: number;
  /** Pettitt, two-sided; an approximation that errs to the safe side for short series. */
  readonly pValue: number;
  /** Median after minus median before. */
  readonly shift: number;
}

/** Where a series most probably jumps from one level to another. @returns undefined for fewer than 4 values */
export function jumpOf(series: Samples): Jump | undefined {
  const count = series.length;
  if (count < 4) return undefined;
  let at = 1;
  let most = -1;
  for (let split = 1; split < count; split += 1) {
    const after = series.slice(split);
    const excess = series
      .slice(0, split)
      .reduce((sum, before) => sum + after.reduce((total, value) => total + Math.sign(value - before), 0), 0);
    if (Math.abs(excess) <= most) continue;
    most = Math.abs(excess);
    at = split;
  }
  const pValue = Math.min(1, 2 * Math.exp((-6 * most ** 2) / (count ** 3 + count ** 2)));
  const shift = median(samplesOf(series.slice(at))) - median(samplesOf(series.slice(0, at)));
  return { at, pValue, shift };
}
