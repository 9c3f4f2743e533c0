import { lanes, type Lane } from '../../config/lanes.ts';
import { smallest } from '../../statistics/extremes.ts';
import { samplesOf } from '../../statistics/statistics.ts';
import { jointRiseTest, jumpOf, slopeOf } from '../../statistics/trend.ts';
import { percent } from '../numbers.ts';
import {
  holm,
  judgedFields,
  verdictOf,
  worseSign,
  type Comparison,
  type ComparisonOptions,
  type ComparisonRow,
  type MeasureName,
} from './comparison.ts';
import { windowOf, type HistoryWindow, type WindowOptions } from './history-window.ts';
import type { BenchHistory, HistoryEntry } from './history.ts';
import { predicted, windowMin, type Prediction } from './prediction.ts';

export interface CompareHistoryOptions extends ComparisonOptions, WindowOptions {}

/** A row before its tests: logarithms, oldest first. */
interface HistoryRow extends Pick<ComparisonRow, 'lane' | 'members' | 'measure' | 'before' | 'after'> {
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
  const names: readonly MeasureName[] = options.acrossMachines
    ? ['speedup']
    : ['recordsPerSecond', 'cpuMicrosPerRecord'];
  const parts = names.flatMap((measure) => lanes.map((lane) => rowsOf(latest, window, lane, measure)));
  const tested = parts.flatMap(({ rows }) => rows);
  const judged = withCreep(judgeLatest(tested, options), tested, options);
  const rows = [...judged, ...parts.flatMap(({ untested }) => untested)];
  const wholes = tested.filter(({ members }) => members === 'all').length;
  const { maxRegression, alpha } = options;
  return {
    kind: 'comparison',
    method: 'history',
    unit: 'bench',
    units: { before: current.length, after: 1 },
    tests: tested.length + 2 * wholes,
    before: `the last ${current.length} comparable benches`,
    after: latest.startedAt,
    maxRegression,
    alpha,
    rows,
    notes: [
      ...(others > 0
        ? [`${others} entries of the history were skipped: other machine, workload or settings, or the report itself`]
        : []),
      ...(earlier.length > 0
        ? [`a new level was accepted since: ${earlier.flat().length} earlier benches are used for the noise only`]
        : []),
      ...(acceptedAt === undefined ? [] : [`accepted on ${acceptedAt}: later benches are compared with this one`]),
    ],
    verdict: acceptedAt === undefined ? verdictOf(rows) : 'passed',
  };
}

function rowsOf(
  latest: HistoryEntry,
  { current, earlier }: HistoryWindow,
  lane: Lane,
  measure: MeasureName,
): { readonly rows: readonly HistoryRow[]; readonly untested: readonly ComparisonRow[] } {
  const counts = [...new Set([...current, latest].flatMap((entry) => membersOf(entry, lane, measure)))];
  const logarithms = (entries: readonly HistoryEntry[], members: number): number[] =>
    entries.flatMap((entry) => valueOf(entry, lane, members, measure) ?? []).map(Math.log);
  const rows: HistoryRow[] = [];
  const untested: ComparisonRow[] = [];
  for (const members of counts.sort((a, b) => a - b)) {
    const values = logarithms(current, members);
    const after = valueOf(latest, lane, members, measure);
    const point = { lane, members, measure } as const;
    if (after === undefined) untested.push({ ...point, verdict: 'missing' });
    else if (values.length === 0) untested.push({ ...point, after, verdict: 'new' });
    else {
      const before = Math.exp(values.reduce((sum, value) => sum + value, 0) / values.length);
      const others = earlier.map((entries) => logarithms(entries, members));
      rows.push({ ...point, before, after, current: values, earlier: others, latest: Math.log(after) });
    }
  }
  return { rows: [...wholeLane(latest, { current, earlier }, lane, measure), ...rows], untested };
}

/**
 * Row of a whole lane: the mean of the logarithms over the numbers of members that the latest and
 * all current entries have.
 */
function wholeLane(
  latest: HistoryEntry,
  { current, earlier }: Pick<HistoryWindow, 'current' | 'earlier'>,
  lane: Lane,
  measure: MeasureName,
): HistoryRow[] {
  const common = membersOf(latest, lane, measure).filter((members) =>
    current.every((entry) => valueOf(entry, lane, members, measure) !== undefined),
  );
  if (common.length === 0 || current.length === 0) return [];
  const level = (entry: HistoryEntry): number =>
    common.reduce((sum, members) => sum + Math.log(valueOf(entry, lane, members, measure) ?? NaN), 0) / common.length;
  const levels = earlier.map((entries) => entries.map(level).filter((value) => !Number.isNaN(value)));
  return [{ lane, members: 'all', measure, current: current.map(level), earlier: levels, latest: level(latest) }];
}

function membersOf(entry: HistoryEntry, lane: Lane, measure: MeasureName): number[] {
  const members = entry.points.filter((point) => point.lane === lane).map((point) => point.members);
  // The baseline's speed-up over itself is always 1.
  return measure === 'speedup' ? members.filter((count) => count !== smallest(members)) : members;
}

function valueOf(entry: HistoryEntry, lane: Lane, members: number, measure: MeasureName): number | undefined {
  return entry.points.find((point) => point.lane === lane && point.members === members)?.[measure];
}

/** Compares each row with its prediction; p-values are adjusted for all rows by Holm's method. */
function judgeLatest(rows: readonly HistoryRow[], options: ComparisonOptions): ComparisonRow[] {
  const predictions = rows.map((row) => predicted(row.current, row.earlier, row.latest));
  const adjusted = (sign: 1 | -1): number[] =>
    holm(rows.map(({ measure }, index) => oneSided(predictions[index], sign * worseSign(measure))));
  const [worse, better] = [adjusted(1), adjusted(-1)];
  return rows.map(({ lane, members, measure, before, after }, index): ComparisonRow => {
    const prediction = predictions[index];
    if (prediction === undefined) throw new Error('a prediction for every row');
    const isWorse = worseSign(measure) * prediction.shift > 0;
    const pValue = Math.min(1, questions * ((isWorse ? worse[index] : better[index]) ?? 1));
    const values = before === undefined || after === undefined ? {} : { before, after };
    return { lane, members, measure, ...values, ...judgedFields(measure, { ...prediction, pValue }, options) };
  });
}

/** @param sign - 1 to test for greater values, -1 for smaller values */
function oneSided(prediction: Prediction | undefined, sign: number): number {
  if (prediction === undefined) return 1;
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
  const wholes = rows.filter(({ members, current }) => members === 'all' && current.length >= windowMin);
  const series = wholes.map(({ measure, current, latest }) =>
    [...current, latest].map((value) => worseSign(measure) * value),
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
    const index = wholes.findIndex(({ lane, measure }) => lane === row.lane && measure === row.measure);
    const rise = rises[index];
    if (row.members !== 'all' || rise === undefined) return row;
    const { step, total } = rise;
    const count = series[index]?.length ?? 0;
    const signed = (worse: number): string => percent(Math.expm1(worseSign(row.measure) * worse), 1);
    if (questions * (jump[index] ?? 1) < alpha && step.shift >= limit) {
      const note = `jump by ${signed(step.shift)}, ${count - step.at} reports ago; pass --accept to make it the new level`;
      return { ...row, verdict: 'regressed', note };
    }
    if (questions * (drift[index] ?? 1) < alpha && total >= limit) {
      const note = `drift by ${signed(total)} over ${count} reports; pass --accept to make it the new level`;
      return { ...row, verdict: 'regressed', note };
    }
    return row;
  });
}
