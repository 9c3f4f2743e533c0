import { lanes } from '../../config/lanes.ts';
import { jointShiftTest } from '../../statistics/joint-permutation.ts';
import { shiftTest } from '../../statistics/rank-tests.ts';
import { median, samplesOf } from '../../statistics/statistics.ts';
import type { BenchReport } from '../schema.ts';
import { environmentNotes } from './comparable.ts';
import {
  confidence,
  judgedFields,
  spreadOf,
  verdictOf,
  worseSign,
  type Comparison,
  type ComparisonOptions,
  type ComparisonRow,
  type MeasureName,
} from './comparison.ts';
import { pointsOf, repetitionsOf, type PointValues } from './point-values.ts';

export interface CompareReportsOptions extends ComparisonOptions {
  /** True to compare only speed-ups, which do not depend on the speed of the machine. */
  readonly ratiosOnly: boolean;
}

/**
 * A row before its test: the logarithm for each repetition, first report first; NaN for repetitions
 * without a value.
 */
interface TestedRow extends Pick<ComparisonRow, 'lane' | 'members' | 'measure' | 'before' | 'after'> {
  readonly values: readonly number[];
}

/**
 * Pure: compares two reports of the same workload. The independent unit is the repetition, because
 * the runs of a repetition share its baseline and its time. Each lane as a whole has one value per
 * repetition, the mean over its numbers of members. The test permutes whole repetitions between the
 * reports, with all metrics together.
 */
export function compareReports(before: BenchReport, after: BenchReport, options: CompareReportsOptions): Comparison {
  const { maxRegression, alpha, ratiosOnly } = options;
  const names: readonly MeasureName[] = ratiosOnly ? ['speedup'] : ['recordsPerSecond', 'cpuMicrosPerRecord'];
  const sides = [before, after] as const;
  const units = { before: repetitionsOf(before).length, after: repetitionsOf(after).length };
  const pairs = names.flatMap((measure) => lanes.map((lane) => pairUp(sides, lane, measure)));
  const tested = pairs.flatMap((pair) => pair.tested);
  const rows = [...judgeAll(tested, units.before, options), ...pairs.flatMap((pair) => pair.untested)];
  const sameCores = before.environment.cores === after.environment.cores;
  return {
    kind: 'comparison',
    method: 'reports',
    unit: 'repetition',
    units,
    tests: tested.length,
    before: nameOf(before),
    after: nameOf(after),
    maxRegression,
    alpha,
    rows,
    notes: [
      ...environmentNotes([before, after]),
      ...(ratiosOnly && !sameCores
        ? ['the machines have different numbers of cores, which changes the speed-ups of lane drain']
        : []),
    ],
    verdict: verdictOf(rows),
  };
}

function judgeAll(tested: readonly TestedRow[], before: number, options: ComparisonOptions): ComparisonRow[] {
  const { greater, smaller } = jointShiftTest(
    tested.map(({ measure, values }) => values.map((value) => worseSign(measure) * value)),
    before,
  );
  return tested.map(({ values, ...row }, index): ComparisonRow => {
    const known = (some: readonly number[]) => samplesOf(some.filter((value) => !Number.isNaN(value)));
    const stratum = { before: known(values.slice(0, before)), after: known(values.slice(before)) };
    const test = shiftTest([stratum], confidence);
    const isWorse = worseSign(row.measure) * test.shift > 0;
    const pValue = (isWorse ? greater[index] : smaller[index]) ?? 1;
    const spread = spreadOf(stratum.before, stratum.after);
    const fields = judgedFields(row.measure, { ...test, pValue, spread }, options);
    return { ...row, ...fields, cliffsDelta: test.cliffsDelta };
  });
}

function pairUp(
  [before, after]: readonly [BenchReport, BenchReport],
  lane: PointValues['lane'],
  measure: MeasureName,
): { readonly tested: readonly TestedRow[]; readonly untested: readonly ComparisonRow[] } {
  const of = (report: BenchReport) => pointsOf(report, measure).filter((point) => point.lane === lane);
  const [old, fresh] = [of(before), of(after)];
  const partnerOf = ({ members }: PointValues, points: readonly PointValues[]) =>
    points.find((point) => point.members === members);
  const rows = old.flatMap((point): TestedRow[] => {
    const partner = partnerOf(point, fresh);
    if (partner === undefined) return [];
    const values = [...point.values, ...partner.values].map(Math.log);
    return [{ lane, members: point.members, measure, before: middle(point), after: middle(partner), values }];
  });
  const gone = old.filter((point) => partnerOf(point, fresh) === undefined);
  const added = fresh.filter((point) => partnerOf(point, old) === undefined);
  return {
    tested: rows.length === 0 ? [] : [{ lane, members: 'all', measure, values: levels(rows) }, ...rows],
    untested: [
      ...gone.map((point) => {
        return { lane, members: point.members, measure, before: middle(point), verdict: 'missing' } as const;
      }),
      ...added.map((point) => {
        return { lane, members: point.members, measure, after: middle(point), verdict: 'new' } as const;
      }),
    ],
  };
}

/**
 * One value per repetition: the mean over the available points, each relative to its own mean, so
 * that missing points do not shift the result.
 */
function levels(rows: readonly TestedRow[]): number[] {
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

function middle({ values }: PointValues): number {
  return median(samplesOf(values.filter((value) => !Number.isNaN(value))));
}

function nameOf({ startedAt, environment }: BenchReport): string {
  const { git } = environment;
  return git === undefined ? startedAt : `${git.revision.slice(0, 12)}${git.dirty ? '+' : ''} of ${startedAt}`;
}
