import type { JointTest } from '../../statistics/joint-permutation.ts';
import {
  farTimes,
  judge,
  verdictOf,
  worseSign,
  type ComparedPoint,
  type Comparison,
  type ComparisonOptions,
  type ComparisonRow,
  type LogShift,
} from './comparison.ts';

/** A row before its verdict: the shift of the logarithms, and what the row shows beside it. */
export interface TestedRow {
  readonly point: ComparedPoint;
  readonly shift: Omit<LogShift, 'pValue'>;
  readonly shown: Pick<ComparisonRow, 'before' | 'after' | 'cliffsDelta'>;
}

/**
 * Pure: the verdict on each tested row, by the p-value in the direction of its change.
 * @param joint - p-values of the rows, adjusted for all of them; `greater` means worse
 */
export function judgedRows(
  tested: readonly TestedRow[],
  joint: JointTest,
  options: ComparisonOptions,
): ComparisonRow[] {
  return tested.map(({ point, shift, shown }, index) => {
    const isWorse = worseSign(point) * shift.shift > 0;
    const pValue = (isWorse ? joint.greater[index] : joint.smaller[index]) ?? 1;
    const { cliffsDelta, ...values } = shown;
    const fields = judgedFields(point, { ...shift, pValue }, options);
    return { ...point, ...values, ...fields, ...(cliffsDelta === undefined ? {} : { cliffsDelta }) };
  });
}

/** The fields of a comparison row, including the verdict, for a shift of logarithms. */
function judgedFields(point: ComparedPoint, shift: LogShift, options: ComparisonOptions) {
  const verdict = judge(point, shift, options);
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

/** Pure: a comparison, whose verdict follows from its rows. */
export function comparisonOf(
  rows: readonly ComparisonRow[],
  { maxRegression, alpha }: ComparisonOptions,
  facts: Pick<Comparison, 'method' | 'unit' | 'units' | 'tests' | 'before' | 'after' | 'notes'> & {
    readonly verdict?: Comparison['verdict'];
  },
): Comparison {
  const { method, unit, units, tests, before, after, notes, verdict = verdictOf(rows) } = facts;
  return { kind: 'comparison', method, unit, units, tests, before, after, maxRegression, alpha, rows, notes, verdict };
}
