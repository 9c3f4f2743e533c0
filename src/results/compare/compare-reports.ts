import { jointShiftTest } from '../../statistics/joint-permutation.ts';
import { shiftTest } from '../../statistics/rank-tests.ts';
import { median, samplesOf } from '../../statistics/statistics.ts';
import { pointName, type ComparedSeries } from '../compared-series.ts';
import type { BenchReport } from '../schema.ts';
import { environmentNotes } from './comparable.ts';
import {
  comparedPoint,
  confidence,
  spreadOf,
  worseSign,
  type ComparedPoint,
  type Comparison,
  type ComparisonOptions,
  type ComparisonRow,
} from './comparison.ts';
import { comparisonOf, judgedRows } from './judged-rows.ts';
import { groupsOf, seriesIn } from './series-in-report.ts';

export interface CompareReportsOptions extends ComparisonOptions {
  /** True to compare only ratios such as speed-ups, which do not depend on the machine's speed. */
  readonly ratiosOnly: boolean;
}

/** The series of one report, and the repetitions that they have together, ascending. */
interface Side {
  readonly series: readonly ComparedSeries[];
  readonly repetitions: readonly number[];
}

/**
 * A row before its test: the logarithm for each repetition, first report first; NaN for repetitions
 * without a value.
 */
interface RepeatedRow extends Pick<ComparisonRow, 'before' | 'after'> {
  readonly point: ComparedPoint;
  readonly values: readonly number[];
}

/**
 * Pure: compares two reports of the same workload. The independent unit is the repetition, because
 * the runs of a repetition share its baseline and its time. Each lane or experiment as a whole has
 * one value per repetition, the mean over its points. The test permutes whole repetitions between
 * the reports, with all metrics together.
 */
export function compareReports(before: BenchReport, after: BenchReport, options: CompareReportsOptions): Comparison {
  const { ratiosOnly: ratios } = options;
  const [left, right] = [sideOf(before, ratios), sideOf(after, ratios)];
  const pairs = groupsOf([...left.series, ...right.series]).map((group) => pairUp([left, right], group));
  const tested = pairs.flatMap((pair) => pair.tested);
  const rows = [...judgeAll(tested, left.repetitions.length, options), ...pairs.flatMap((pair) => pair.untested)];
  const sameCores = before.environment.cores === after.environment.cores;
  return comparisonOf(rows, options, {
    method: 'reports',
    unit: 'repetition',
    units: { before: left.repetitions.length, after: right.repetitions.length },
    tests: tested.length,
    before: nameOf(before),
    after: nameOf(after),
    notes: [
      ...environmentNotes([before, after]),
      ...(ratios && !sameCores
        ? ['the machines have different numbers of cores, which changes the speed-ups of lane drain']
        : []),
    ],
  });
}

function sideOf(report: BenchReport, ratios: boolean): Side {
  const series = seriesIn(report, { ratios });
  const repetitions = new Set(series.flatMap(({ values }) => [...values.keys()]));
  return { series, repetitions: [...repetitions].sort((a, b) => a - b) };
}

function judgeAll(rows: readonly RepeatedRow[], before: number, options: ComparisonOptions): ComparisonRow[] {
  const joint = jointShiftTest(
    rows.map(({ point, values }) => values.map((value) => worseSign(point) * value)),
    before,
  );
  const known = (some: readonly number[]) => samplesOf(some.filter((value) => !Number.isNaN(value)));
  const tested = rows.map(({ point, values, ...shown }) => {
    const stratum = { before: known(values.slice(0, before)), after: known(values.slice(before)) };
    const { cliffsDelta, ...test } = shiftTest([stratum], confidence);
    const shift = { ...test, spread: spreadOf(stratum.before, stratum.after) };
    return { point, shift, shown: { ...shown, cliffsDelta } };
  });
  return judgedRows(tested, joint, options);
}

function pairUp(
  [left, right]: readonly [Side, Side],
  { lane, measure }: Pick<ComparedSeries, 'lane' | 'measure'>,
): { readonly tested: readonly RepeatedRow[]; readonly untested: readonly ComparisonRow[] } {
  const of = ({ series }: Side) => series.filter((one) => one.lane === lane && one.measure.name === measure.name);
  const [old, fresh] = [of(left), of(right)];
  const partnerOf = (one: ComparedSeries, others: readonly ComparedSeries[]) =>
    others.find((other) => pointName(other) === pointName(one));
  const rows = old.flatMap((one): RepeatedRow[] => {
    const partner = partnerOf(one, fresh);
    if (partner === undefined) return [];
    const values = [...logarithms(one, left), ...logarithms(partner, right)];
    return [{ point: comparedPoint(one, measure), before: middle(one), after: middle(partner), values }];
  });
  const gone = old.filter((one) => partnerOf(one, fresh) === undefined);
  const added = fresh.filter((one) => partnerOf(one, old) === undefined);
  return {
    tested:
      rows.length === 0
        ? []
        : [{ point: comparedPoint({ lane, members: 'all' }, measure), values: levels(rows) }, ...rows],
    untested: [
      ...gone.map((one): ComparisonRow => {
        return { ...comparedPoint(one, measure), before: middle(one), verdict: 'missing' };
      }),
      ...added.map((one): ComparisonRow => {
        return { ...comparedPoint(one, measure), after: middle(one), verdict: 'new' };
      }),
    ],
  };
}

/** The logarithm for each repetition of the report, NaN for those without a value. */
function logarithms({ values }: ComparedSeries, { repetitions }: Side): number[] {
  return repetitions.map((repetition) => Math.log(values.get(repetition) ?? NaN));
}

/**
 * One value per repetition: the mean over the available points, each relative to its own mean, so
 * that missing points do not shift the result.
 */
function levels(rows: readonly RepeatedRow[]): number[] {
  const centred = rows.map(({ values }) => {
    const mean = meanOf(values);
    return values.map((value) => value - mean);
  });
  return (centred[0] ?? []).map((_, repetition) => meanOf(centred.map((values) => values[repetition] ?? NaN)));
}

/** Mean of the values that are not NaN. */
function meanOf(values: readonly number[]): number {
  const known = values.filter((value) => !Number.isNaN(value));
  return known.reduce((sum, value) => sum + value, 0) / known.length;
}

function middle({ values }: ComparedSeries): number {
  return median(samplesOf([...values.values()]));
}

function nameOf({ startedAt, environment }: BenchReport): string {
  const { git } = environment;
  return git === undefined ? startedAt : `${git.revision.slice(0, 12)}${git.dirty ? '+' : ''} of ${startedAt}`;
}
