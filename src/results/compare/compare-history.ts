import { smallest } from '../../statistics/extremes.ts';
import { samplesOf } from '../../statistics/statistics.ts';
import { jointRiseTest, jumpOf, slopeOf } from '../../statistics/trend.ts';
import { measures, pointName, type SeriesId } from '../compared-series.ts';
import { counted, percent } from '../../numbers.ts';
import {
  comparedPoint,
  holm,
  worseSign,
  type ComparedPoint,
  type Comparison,
  type ComparisonOptions,
  type ComparisonRow,
} from './comparison.ts';
import { comparisonOf, judgedRows } from './judged-rows.ts';
import { groupsOf } from './series-in-report.ts';
import { windowOf, type HistoryWindow, type WindowOptions } from './history-window.ts';
import type { BenchHistory, HistoryEntry } from './history.ts';
import { predicted, windowMin, type Prediction } from './prediction.ts';

export interface CompareHistoryOptions extends ComparisonOptions, WindowOptions {}

/** A row before its tests: logarithms, oldest first. */
interface HistoryRow extends Pick<ComparisonRow, 'before' | 'after'> {
  readonly point: ComparedPoint;
  readonly current: readonly number[];
  readonly earlier: readonly (readonly number[])[];
  readonly latest: number;
}

/**
 * Number of hypotheses that share alpha equally: the latest bench is outside of the prediction
 * interval, and the level changed within the window.
 */
const questions = 2;

/**
 * Pure: compares the latest bench with the last comparable ones. Each bench is one sample, because
 * runs within a bench are more similar than runs of different benches. It detects three kinds of
 * changes: a latest result outside of the window's prediction interval (Student's t), a jump within
 * the window, and a gradual drift. After an accepted bench, its level is the new baseline.
 */
export function compareHistory(
  latest: HistoryEntry,
  history: BenchHistory,
  options: CompareHistoryOptions,
): Comparison {
  const window = windowOf(latest, history, options);
  const { current, earlier, acceptedAt, others } = window;
  const levels = [latest, ...current].flatMap((entry) => levelsOf(entry, options));
  const parts = groupsOf(levels).map((group) => rowsOf(latest, window, group, options));
  const tested = parts.flatMap(({ rows }) => rows);
  const judged = withCreep(judgeLatest(tested, options), tested, options);
  const rows = [...judged, ...parts.flatMap(({ untested }) => untested)];
  const wholes = tested.filter(({ point }) => point.members === 'all').length;
  return comparisonOf(rows, options, {
    method: 'history',
    unit: 'bench',
    units: { before: current.length, after: 1 },
    tests: tested.length + 2 * wholes,
    before: `the last ${counted(current.length, 'comparable bench', 'comparable benches')}`,
    after: latest.startedAt,
    notes: [
      ...(others > 0
        ? [
            `skipped ${counted(others, 'entry', 'entries')} of the history: other machine, workload or settings, or the report itself`,
          ]
        : []),
      ...(earlier.length > 0
        ? [
            `a new level was accepted since: ${counted(earlier.flat().length, 'earlier bench', 'earlier benches')} used for the noise only`,
          ]
        : []),
      ...(acceptedAt === undefined ? [] : [`accepted on ${acceptedAt}: later benches are compared with this one`]),
    ],
    ...(acceptedAt === undefined ? {} : { verdict: 'passed' }),
  });
}

/** One measure of an entry at one point. */
interface Level extends SeriesId {
  readonly value: number;
}

/** All levels of an entry that are compared: ratios across machines, otherwise all other measures. */
function levelsOf(
  { points, series = [] }: HistoryEntry,
  { acrossMachines }: Pick<WindowOptions, 'acrossMachines'>,
): Level[] {
  const ofLanes = Object.values(measures).flatMap((measure) =>
    points
      .filter(({ lane, members }) => {
        // The baseline's speed-up over itself is always 1.
        const own = points.filter((point) => point.lane === lane);
        return measure.name !== 'speedup' || members !== smallest(own.map((point) => point.members));
      })
      .map(({ lane, members, ...values }) => ({ lane, members, measure, value: values[measure.name] })),
  );
  const ofExperiments = series.map(({ experiment: lane, members, label, measure: name, better, unit, value }) => {
    return { lane, members, label, measure: { name, better, unit }, value };
  });
  return [...ofLanes, ...ofExperiments].filter(({ measure }) => (measure.unit === 'x') === acrossMachines);
}

type Group = Pick<SeriesId, 'lane' | 'measure'>;

function rowsOf(
  latest: HistoryEntry,
  { current, earlier }: HistoryWindow,
  group: Group,
  options: CompareHistoryOptions,
): { readonly rows: readonly HistoryRow[]; readonly untested: readonly ComparisonRow[] } {
  const inGroup = (entry: HistoryEntry): Level[] =>
    levelsOf(entry, options).filter(({ lane, measure }) => lane === group.lane && measure.name === group.measure.name);
  const values = new Map<HistoryEntry, ReadonlyMap<string, number>>(
    [latest, ...current, ...earlier.flat()].map((entry) => [
      entry,
      new Map(inGroup(entry).map((level) => [pointName(level), level.value])),
    ]),
  );
  const valueOf: ValueOf = (entry, name) => values.get(entry)?.get(name);
  const named = new Map([...current, latest].flatMap(inGroup).map((level) => [pointName(level), level]));
  const points = [...named.values()].sort((a, b) => (a.label === undefined ? a.members - b.members : 0));
  const logarithms = (entries: readonly HistoryEntry[], name: string): number[] =>
    entries.flatMap((entry) => valueOf(entry, name) ?? []).map(Math.log);
  const rows: HistoryRow[] = [];
  const untested: ComparisonRow[] = [];
  for (const level of points) {
    const name = pointName(level);
    const known = logarithms(current, name);
    const after = valueOf(latest, name);
    const point = comparedPoint(level, group.measure);
    if (after === undefined) untested.push({ ...point, verdict: 'missing' });
    else if (known.length === 0) untested.push({ ...point, after, verdict: 'new' });
    else {
      const before = Math.exp(known.reduce((sum, value) => sum + value, 0) / known.length);
      const others = earlier.map((entries) => logarithms(entries, name));
      rows.push({ point, before, after, current: known, earlier: others, latest: Math.log(after) });
    }
  }
  return {
    rows: [...wholeGroup({ latest, current, earlier }, group, points.map(pointName), valueOf), ...rows],
    untested,
  };
}

type ValueOf = (entry: HistoryEntry, name: string) => number | undefined;

/**
 * Row of a whole lane: the mean of the logarithms over the points that the latest and all current
 * entries have.
 */
function wholeGroup(
  { latest, current, earlier }: Pick<HistoryWindow, 'current' | 'earlier'> & { readonly latest: HistoryEntry },
  { lane, measure }: Group,
  names: readonly string[],
  valueOf: ValueOf,
): HistoryRow[] {
  const common = names.filter((name) => [latest, ...current].every((entry) => valueOf(entry, name) !== undefined));
  if (common.length === 0 || current.length === 0) return [];
  const level = (entry: HistoryEntry): number =>
    common.reduce((sum, name) => sum + Math.log(valueOf(entry, name) ?? NaN), 0) / common.length;
  const levels = earlier.map((entries) => entries.map(level).filter((value) => !Number.isNaN(value)));
  const point = comparedPoint({ lane, members: 'all' }, measure);
  return [{ point, current: current.map(level), earlier: levels, latest: level(latest) }];
}

/** Compares each row with its prediction; p-values are adjusted for all rows by Holm's method. */
function judgeLatest(rows: readonly HistoryRow[], options: ComparisonOptions): ComparisonRow[] {
  const tested = rows.map(({ point, before, after, current, earlier, latest }) => {
    const shown = before === undefined || after === undefined ? {} : { before, after };
    return { point, shown, shift: predicted(current, earlier, latest) };
  });
  const adjusted = (sign: 1 | -1): number[] =>
    holm(tested.map(({ point, shift }) => oneSided(shift, sign * worseSign(point)))).map((pValue) =>
      Math.min(1, questions * pValue),
    );
  return judgedRows(tested, { greater: adjusted(1), smaller: adjusted(-1) }, options);
}

/** @param sign - 1 to test for greater values, -1 for smaller values */
function oneSided(prediction: Prediction, sign: number): number {
  return sign > 0 ? prediction.pGreater : prediction.pSmaller;
}

/**
 * Adds regressions that single comparisons do not show: a jump or a drift of a whole lane within
 * the current level.
 */
function withCreep(
  judged: readonly ComparisonRow[],
  rows: readonly HistoryRow[],
  { maxRegression, alpha }: ComparisonOptions,
): ComparisonRow[] {
  const wholes = rows.filter(({ point, current }) => point.members === 'all' && current.length >= windowMin);
  const series = wholes.map(({ point, current, latest }) =>
    [...current, latest].map((value) => worseSign(point) * value),
  );
  const limit = Math.log1p(maxRegression);
  const rises = series.map((values) => {
    const samples = samplesOf(values);
    return { step: jumpOf(samples), total: slopeOf(samples) * (values.length - 1) };
  });
  // Skip the tests, which take time, when every change is below the limit and cannot be a
  // regression.
  if (rises.every(({ step, total }) => step.shift < limit && total < limit)) return [...judged];
  const { jump, drift } = jointRiseTest(series);
  return judged.map((row): ComparisonRow => {
    const index = wholes.findIndex(({ point }) => point.lane === row.lane && point.measure === row.measure);
    const rise = rises[index];
    if (row.members !== 'all' || rise === undefined) return row;
    const { step, total } = rise;
    const count = series[index]?.length ?? 0;
    const signed = (worse: number): string => percent(Math.expm1(worseSign(row) * worse), 1);
    if (questions * (jump[index] ?? 1) < alpha && step.shift >= limit) {
      const note = `jump by ${signed(step.shift)}, ${counted(count - step.at, 'report')} ago; pass --accept to make it the new level`;
      return { ...row, verdict: 'regressed', note };
    }
    if (questions * (drift[index] ?? 1) < alpha && total >= limit) {
      const note = `drift by ${signed(total)} over ${count} reports; pass --accept to make it the new level`;
      return { ...row, verdict: 'regressed', note };
    }
    return row;
  });
}
