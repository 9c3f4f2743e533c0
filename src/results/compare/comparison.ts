import { largest } from '../../statistics/extremes.ts';
import { quantile, samplesOf } from '../../statistics/statistics.ts';
import type { ComparedMeasure } from '../compared-series.ts';

export interface ComparisonOptions {
  /** Smallest change for the worse that counts as a regression; 0.05 is 5 %. */
  readonly maxRegression: number;
  /** Significance level of the verdict: the probability of a false alarm. */
  readonly alpha: number;
}

export type RowVerdict = 'same' | 'improved' | 'regressed' | 'inconclusive' | 'missing' | 'new';

/** What a row compares: the points of a lane combined, or one of them. */
export interface ComparedPoint {
  /** A lane of a bench, or an experiment. */
  readonly lane: string;
  /** `all`: the points of a lane combined. */
  readonly members: number | 'all';
  /** Name of the point, where the number of members alone does not identify it. */
  readonly label?: string | undefined;
  /** Name, direction and unit of the measure. */
  readonly measure: string;
  readonly better: ComparedMeasure['better'];
  readonly unit: string;
}

export interface ComparisonRow extends ComparedPoint {
  /** Medians; undefined when not measured, and for `all`. */
  readonly before?: number;
  readonly after?: number;
  /** after / before - 1; undefined when one of them is missing. */
  readonly change?: number;
  /** Interval of the change, and its coverage probability. */
  readonly low?: number;
  readonly high?: number;
  readonly coverage?: number;
  /** One-sided, in the direction of the change; adjusted for all tests of the verdict. */
  readonly pValue?: number;
  /** Cliff's delta; only for comparisons of two reports. */
  readonly cliffsDelta?: number;
  /** Explains the verdict: a drift, a jump, or a change far beyond the noise. */
  readonly note?: string;
  readonly verdict: RowVerdict;
}

export interface Comparison extends ComparisonOptions {
  readonly kind: 'comparison';
  readonly method: 'reports' | 'history' | 'ab';
  /** The independent unit of the tests, and the number of such units on each side. */
  readonly unit: 'repetition' | 'bench' | 'pair';
  readonly units: { readonly before: number; readonly after: number };
  /** Number of tests that the p-values are adjusted for. */
  readonly tests: number;
  /** Display names of the two sides. */
  readonly before: string;
  readonly after: string;
  readonly rows: readonly ComparisonRow[];
  readonly notes: readonly string[];
  readonly verdict: 'passed' | 'regression' | 'inconclusive';
}

/** A change on a logarithmic scale. */
export interface LogShift {
  readonly shift: number;
  readonly low: number;
  readonly high: number;
  readonly coverage: number;
  readonly pValue: number;
  /** Spread of the values of one side; see spreadOf. */
  readonly spread: number;
}

/** Confidence level of two-sided intervals, so that each bound holds with 95 % confidence. */
export const confidence = 0.9;
/** Below this coverage, an interval cannot show that a value is unchanged. */
export const coverageMin = 0.9;
/** A change of more than this many spreads is far beyond the noise. */
export const farTimes = 4;
/** Minimum spread: a few values may be closer to each other by chance than their noise. */
const spreadMin = Math.log(1.1);
/**
 * Assumed spread of a side with one value: other load on a machine changed results by a third
 * (docs/performance.md).
 */
const spreadUnknown = Math.log(4 / 3);

/**
 * Pure: the greatest range of any side, at least `spreadMin`.
 * @param sides - logarithms
 */
export function spreadOf(...sides: readonly (readonly number[])[]): number {
  const ranges = sides.map((values) =>
    values.length < 2 ? spreadUnknown : quantile(samplesOf(values), 1) - quantile(samplesOf(values), 0),
  );
  return largest([spreadMin, ...ranges]);
}

/**
 * Pure: the verdict on a change. A change for the worse of at least the limit is a regression when
 * the test is significant, or when it is far beyond the spread, since no test of two or three
 * values can be significant. A result is `same` when its interval excludes a regression; otherwise
 * it is inconclusive.
 */
export function judge(
  measure: Pick<ComparedMeasure, 'better'>,
  change: LogShift,
  { maxRegression, alpha }: ComparisonOptions,
): RowVerdict {
  const sign = worseSign(measure);
  const worse = sign * change.shift;
  const worst = Math.max(sign * change.low, sign * change.high);
  // On this scale, 5 % less throughput and 5 % more time are equally far from 0, within 0.1 %.
  const limit = Math.log1p(maxRegression);
  const isFar = isFarBeyond(change);
  if (worse >= limit && (change.pValue < alpha || isFar)) return 'regressed';
  if (-worse >= limit && isFar) return 'improved';
  if (!(worst < limit) || change.coverage < coverageMin) return 'inconclusive';
  return -worse >= limit && change.pValue < alpha ? 'improved' : 'same';
}

function isFarBeyond({ shift, spread }: LogShift): boolean {
  return Math.abs(shift) > farTimes * spread;
}

/** @returns 1 for measures where greater values are worse, otherwise -1 */
export function worseSign({ better }: Pick<ComparedMeasure, 'better'>): 1 | -1 {
  return ({ bigger: -1, smaller: 1 } as const)[better];
}

/** Pure: what a row compares, for a measure at one point of a lane or at all of them. */
export function comparedPoint(
  {
    lane,
    label,
    members,
  }: { readonly lane: string; readonly members: number | 'all'; readonly label?: string | undefined },
  { name, better, unit }: ComparedMeasure,
): ComparedPoint {
  return { lane, members, ...(label === undefined ? {} : { label }), measure: name, better, unit };
}

/** Pure: true when both sides have at least one measure in common. */
export function sharesFigures({ rows }: Pick<Comparison, 'rows'>): boolean {
  return rows.some(({ change }) => change !== undefined);
}

/**
 * Pure: the verdict on all rows. Any regression or missing row fails. Only whole lanes can make it
 * inconclusive, because single points are numerous and noisier.
 */
export function verdictOf(rows: readonly ComparisonRow[]): Comparison['verdict'] {
  if (rows.some(({ verdict }) => verdict === 'regressed' || verdict === 'missing')) return 'regression';
  const compared = rows.filter(({ members, verdict }) => members === 'all' && verdict !== 'new');
  if (compared.length === 0 || compared.some(({ verdict }) => verdict === 'inconclusive')) return 'inconclusive';
  return 'passed';
}

/**
 * Holm's method: adjusts p-values for multiple tests.
 * @returns adjusted p-values, in the given order
 */
export function holm(pValues: readonly number[]): number[] {
  const order = [...pValues.keys()].sort((a, b) => (pValues[a] ?? 1) - (pValues[b] ?? 1));
  const adjusted = pValues.map(() => 1);
  let least = 0;
  order.forEach((index, place) => {
    least = Math.max(least, Math.min(1, (pValues.length - place) * (pValues[index] ?? 1)));
    adjusted[index] = least;
  });
  return adjusted;
}
