import type { Lane } from '../../config/lanes.ts';
import { largest } from '../../statistics/extremes.ts';
import { quantile, samplesOf } from '../../statistics/statistics.ts';

/** What is compared of each point of a curve. */
export const measures = {
  recordsPerSecond: { better: 'bigger', unit: 'records/s' },
  cpuMicrosPerRecord: { better: 'smaller', unit: 'µs' },
  speedup: { better: 'bigger', unit: 'x' },
} as const;
export type MeasureName = keyof typeof measures;

export interface ComparisonOptions {
  /** Least change for the worse that counts, as a share. */
  readonly maxRegression: number;
  /** Chance that a verdict may have of calling something worse that has not changed. */
  readonly alpha: number;
}

export type RowVerdict = 'same' | 'improved' | 'regressed' | 'inconclusive' | 'missing' | 'new';

export interface ComparisonRow {
  readonly lane: Lane;
  /** `all`: what the points of a lane say together. */
  readonly members: number | 'all';
  readonly measure: MeasureName;
  /** Medians; undefined where there is none, and for `all`. */
  readonly before?: number;
  readonly after?: number;
  /** After over before, less 1; undefined where one of them is missing. */
  readonly change?: number;
  /** Interval of the change; `coverage` is what it is worth. */
  readonly low?: number;
  readonly high?: number;
  readonly coverage?: number;
  /** One-sided, in the direction of the change; adjusted for all tests of the verdict. */
  readonly pValue?: number;
  /** Cliff's delta, where samples of both sides were compared. */
  readonly cliffsDelta?: number;
  /** What else was seen: a drift, a jump, a change far beyond the noise. */
  readonly note?: string;
  readonly verdict: RowVerdict;
}

export interface Comparison extends ComparisonOptions {
  readonly kind: 'comparison';
  readonly method: 'reports' | 'history' | 'ab';
  /** What is independent of each other, and how many of them there are on each side. */
  readonly unit: 'repetition' | 'bench' | 'pair';
  readonly units: { readonly before: number; readonly after: number };
  /** How many tests the p-values are adjusted for. */
  readonly tests: number;
  /** What was compared with what, for people. */
  readonly before: string;
  readonly after: string;
  readonly rows: readonly ComparisonRow[];
  readonly notes: readonly string[];
  readonly verdict: 'passed' | 'regression' | 'inconclusive';
}

/** A change on a scale where equal steps are equal factors. */
export interface LogShift {
  readonly shift: number;
  readonly low: number;
  readonly high: number;
  readonly coverage: number;
  readonly pValue: number;
  /** How far apart values of one side were, see spreadOf. */
  readonly spread: number;
}

/** Two-sided, so that each end is right with 95 %. */
export const confidence = 0.9;
/** Below this an interval does not show that nothing has changed. */
export const coverageMin = 0.9;
/** A change is far beyond the noise when it is this many times the spread. */
const farTimes = 4;
/** Values of one side may have been closer by chance than they usually are. */
const spreadMin = Math.log(1.1);
/**
 * The spread of a side with one value is not known; other users of a machine moved figures by a
 * third (docs/performance.md).
 */
const spreadUnknown = Math.log(4 / 3);

/** Pure: the greatest range of a side, at least what the noise may be. @param sides - logarithms */
export function spreadOf(...sides: readonly (readonly number[])[]): number {
  const ranges = sides.map((values) =>
    values.length < 2 ? spreadUnknown : quantile(samplesOf(values), 1) - quantile(samplesOf(values), 0),
  );
  return largest([spreadMin, ...ranges]);
}

/**
 * Pure: a change for the worse of at least the limit is a regression when the test calls it one, or
 * when it is far beyond the spread, which no test of two or three values can confirm. The same is
 * what can't have got worse by as much; all between is inconclusive.
 */
export function judge(measure: MeasureName, change: LogShift, { maxRegression, alpha }: ComparisonOptions): RowVerdict {
  const sign = worseSign(measure);
  const worse = sign * change.shift;
  const worst = Math.max(sign * change.low, sign * change.high);
  // 5 % less throughput and 5 % more time are the same distance to either side here, all but 0.1 %.
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

/** 1 where more is worse. */
export function worseSign(measure: MeasureName): 1 | -1 {
  return measures[measure].better === 'bigger' ? -1 : 1;
}

/** Pure: a shift of logarithms as the fields of a row, with the verdict on it. */
export function judgedFields(measure: MeasureName, shift: LogShift, options: ComparisonOptions) {
  const verdict = judge(measure, shift, options);
  const byTest = shift.pValue < options.alpha;
  const note = `beyond ${farTimes} times the spread of the runs, which are too few for a test`;
  return {
    change: Math.expm1(shift.shift),
    low: Math.expm1(shift.low),
    high: Math.expm1(shift.high),
    coverage: shift.coverage,
    pValue: shift.pValue,
    verdict,
    ...((verdict === 'regressed' || verdict === 'improved') && !byTest ? { note } : {}),
  } satisfies Partial<ComparisonRow>;
}

/** Pure: whether any figure is in both, so that there is something to compare. */
export function sharesFigures({ rows }: Pick<Comparison, 'rows'>): boolean {
  return rows.some(({ change }) => change !== undefined);
}

/**
 * Pure: a missing figure and a regression fail. A lane as a whole decides what is inconclusive;
 * single points, which are many and noisier, only raise an alarm.
 */
export function verdictOf(rows: readonly ComparisonRow[]): Comparison['verdict'] {
  if (rows.some(({ verdict }) => verdict === 'regressed' || verdict === 'missing')) return 'regression';
  const compared = rows.filter(({ members, verdict }) => members === 'all' && verdict !== 'new');
  if (compared.length === 0 || compared.some(({ verdict }) => verdict === 'inconclusive')) return 'inconclusive';
  return 'passed';
}

/**
 * Holm: of several tests at once, only those stay significant whose p-values survive the number of
 * them.
 * @returns adjusted p-values, in the order given
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
