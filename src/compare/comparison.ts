import type { Lane } from '../config/lanes.ts';

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
  /** Chance of a false alarm that a test may have. */
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
  readonly pValue?: number;
  /** Cliff's delta, where samples of both sides were compared. */
  readonly cliffsDelta?: number;
  /** What else was seen: a drift, a jump. */
  readonly note?: string;
  readonly verdict: RowVerdict;
}

export interface Comparison extends ComparisonOptions {
  readonly kind: 'comparison';
  readonly method: 'reports' | 'history' | 'ab';
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
}

/** Below this an interval does not show that nothing has changed. */
const coverageMin = 0.9;

/**
 * Pure: a change for the worse that both the test and its size call one is a regression; the same is what can't have got worse by as
 * much; all between is inconclusive.
 */
export function judge(measure: MeasureName, change: LogShift, { maxRegression, alpha }: ComparisonOptions): RowVerdict {
  const sign = measures[measure].better === 'bigger' ? -1 : 1;
  const worse = sign * change.shift;
  const worst = Math.max(sign * change.low, sign * change.high);
  // 5 % less throughput and 5 % more time are the same distance to either side here, all but 0.1 %.
  const limit = Math.log1p(maxRegression);
  if (worse >= limit && change.pValue < alpha) return 'regressed';
  if (!(worst < limit) || change.coverage < coverageMin) return 'inconclusive';
  return -worse >= limit && change.pValue < alpha ? 'improved' : 'same';
}

/** A shift of logarithms as the fields of a row. */
export function changeFields(
  shift: LogShift,
): Required<Pick<ComparisonRow, 'change' | 'low' | 'high' | 'coverage' | 'pValue'>> {
  return {
    change: Math.expm1(shift.shift),
    low: Math.expm1(shift.low),
    high: Math.expm1(shift.high),
    coverage: shift.coverage,
    pValue: shift.pValue,
  };
}

/**
 * Pure: a missing figure and a regression fail. A lane as a whole decides what is inconclusive; single points, which are many
 * and noisier, only raise an alarm.
 */
export function verdictOf(rows: readonly ComparisonRow[]): Comparison['verdict'] {
  if (rows.some(({ verdict }) => verdict === 'regressed' || verdict === 'missing')) return 'regression';
  const compared = rows.filter(({ members, verdict }) => members === 'all' && verdict !== 'new');
  if (compared.length === 0 || compared.some(({ verdict }) => verdict === 'inconclusive')) return 'inconclusive';
  return 'passed';
}

/**
 * Holm: of several tests at once, only those stay significant whose p-values survive the number of them.
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
