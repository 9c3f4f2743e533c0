import { lanes, type Lane } from '../config/lanes.ts';
import { smallest } from '../metrics/extremes.ts';
import { samplesOf, type Samples } from '../metrics/statistics.ts';
import { studentCdf, studentQuantile } from '../metrics/student.ts';
import { jumpOf, trendOf } from '../metrics/trend.ts';
import { percent } from '../report/numbers.ts';
import {
  changeFields,
  judge,
  measures,
  verdictOf,
  type Comparison,
  type ComparisonOptions,
  type ComparisonRow,
  type LogShift,
  type MeasureName,
  type RowVerdict,
} from './comparison.ts';
import { confidence } from './compare-reports.ts';
import type { HistoryEntry } from './history.ts';

/** With fewer reports in the window their noise is not known. */
export const windowMin = 5;

export interface CompareHistoryOptions extends ComparisonOptions {
  /** How many of the last comparable entries are looked at. */
  readonly window: number;
  /** Also entries of other machines; only speed-ups are compared then. */
  readonly acrossMachines: boolean;
}

/**
 * Pure: the latest bench against the last ones like it. A bench counts as one sample, since runs of one bench are more alike than runs of
 * two. Three things are looked for: a report outside of what the window foretells (t), a jump within the window (Pettitt), and a drift
 * that no single step shows (Mann-Kendall, Theil-Sen).
 */
export function compareHistory(
  latest: HistoryEntry,
  history: readonly HistoryEntry[],
  options: CompareHistoryOptions,
): Comparison {
  const { maxRegression, alpha, window, acrossMachines } = options;
  const alike = history.filter(
    (entry) => entry.startedAt !== latest.startedAt && isAlike(entry, latest, acrossMachines),
  );
  const entries = alike.slice(-window);
  const names: readonly MeasureName[] = acrossMachines ? ['speedup'] : ['recordsPerSecond', 'cpuMicrosPerRecord'];
  const rows = names.flatMap((measure) =>
    lanes.flatMap((lane) => compareLane({ latest, entries, lane, measure }, options)),
  );
  const others = history.length - alike.length;
  return {
    kind: 'comparison',
    method: 'history',
    before: `the last ${entries.length} like it`,
    after: latest.startedAt,
    maxRegression,
    alpha,
    rows,
    notes: [
      ...(others > 0
        ? [`${others} entries of the history are of another machine, workload or setting, or the report itself`]
        : []),
      ...(entries.length < windowMin ? [`${entries.length} reports are too few: ${windowMin} tell their noise`] : []),
    ],
    verdict: verdictOf(rows),
  };
}

function isAlike(entry: HistoryEntry, latest: HistoryEntry, acrossMachines: boolean): boolean {
  const { conditions } = latest;
  const names = [...new Set([...Object.keys(conditions), ...Object.keys(entry.conditions)])];
  const same = names.every((name) => entry.conditions[name] === conditions[name]);
  return same && (acrossMachines || entry.machine === latest.machine);
}

interface LaneOfHistory {
  readonly latest: HistoryEntry;
  readonly entries: readonly HistoryEntry[];
  readonly lane: Lane;
  readonly measure: MeasureName;
}

function compareLane({ latest, entries, lane, measure }: LaneOfHistory, options: ComparisonOptions): ComparisonRow[] {
  const counts = [...new Set([...entries, latest].flatMap((entry) => membersOf(entry, lane, measure)))];
  const rows = counts
    .sort((a, b) => a - b)
    .map((members): ComparisonRow => {
      const values = entries.flatMap((entry) => valueOf(entry, lane, members, measure) ?? []);
      const after = valueOf(latest, lane, members, measure);
      const point = { lane, members, measure } as const;
      if (after === undefined) return { ...point, verdict: 'missing' };
      if (values.length === 0) return { ...point, after, verdict: 'new' };
      const before = Math.exp(values.reduce((sum, value) => sum + Math.log(value), 0) / values.length);
      // Bonferroni: many points are looked at, and none of them may raise an alarm by being one of many.
      const strict = { ...options, alpha: options.alpha / counts.length };
      return { ...point, before, after, ...rowOf(values.map(Math.log), Math.log(after), measure, strict) };
    });
  if (rows.length === 0) return [];
  return [...wholeLane({ latest, entries, lane, measure }, options), ...rows];
}

/** The mean of the logarithms over the numbers of members that all entries have. */
function wholeLane({ latest, entries, lane, measure }: LaneOfHistory, options: ComparisonOptions): ComparisonRow[] {
  const common = membersOf(latest, lane, measure).filter((members) =>
    entries.every((entry) => valueOf(entry, lane, members, measure) !== undefined),
  );
  if (common.length === 0 || entries.length === 0) return [];
  const level = (entry: HistoryEntry): number =>
    common.reduce((sum, members) => sum + Math.log(valueOf(entry, lane, members, measure) ?? NaN), 0) / common.length;
  return [{ lane, members: 'all', measure, ...rowOf(entries.map(level), level(latest), measure, options) }];
}

function membersOf(entry: HistoryEntry, lane: Lane, measure: MeasureName): number[] {
  const members = entry.points.filter((point) => point.lane === lane).map((point) => point.members);
  // Against itself the baseline is 1, and says nothing.
  return measure === 'speedup' ? members.filter((count) => count !== smallest(members)) : members;
}

function valueOf(entry: HistoryEntry, lane: Lane, members: number, measure: MeasureName): number | undefined {
  return entry.points.find((point) => point.lane === lane && point.members === members)?.[measure];
}

/** @param before - logarithms, oldest first; at least one */
function rowOf(
  before: readonly number[],
  after: number,
  measure: MeasureName,
  options: ComparisonOptions,
): Omit<ComparisonRow, 'lane' | 'members' | 'measure'> {
  const shift = predicted(samplesOf(before), after);
  const first: RowVerdict = before.length < windowMin ? 'inconclusive' : judge(measure, shift, options);
  const creeping = creep(samplesOf([...before, after]), measure, options);
  return {
    ...changeFields(shift),
    verdict: creeping === undefined ? first : 'regressed',
    ...(creeping === undefined ? {} : { note: creeping }),
  };
}

/** The distance of one value from the mean of the others, with the interval in which a value like them would differ. */
function predicted(before: Samples, after: number): LogShift {
  const count = before.length;
  const mean = before.reduce((sum, value) => sum + value, 0) / count;
  const shift = after - mean;
  if (count < 2) return { shift, low: -Infinity, high: Infinity, coverage: 0, pValue: 1 };
  const variance = before.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (count - 1);
  const deviation = Math.sqrt(variance * (1 + 1 / count));
  const margin = studentQuantile((1 + confidence) / 2, count - 1) * deviation;
  const pValue = deviation === 0 ? Number(shift === 0) : 2 * (1 - studentCdf(Math.abs(shift) / deviation, count - 1));
  return { shift, low: shift - margin, high: shift + margin, coverage: confidence, pValue };
}

/** What single steps do not show. @returns a sentence, or undefined when there is nothing for the worse */
function creep(series: Samples, measure: MeasureName, { maxRegression, alpha }: ComparisonOptions): string | undefined {
  if (series.length <= windowMin) return undefined;
  const sign = measures[measure].better === 'bigger' ? -1 : 1;
  const limit = Math.log1p(maxRegression);
  const jump = jumpOf(series);
  if (jump !== undefined && jump.pValue < alpha && sign * jump.shift >= limit) {
    return `jump by ${percent(Math.expm1(jump.shift), 1)}, ${series.length - jump.at} reports ago`;
  }
  const { pValue, slope } = trendOf(series);
  const total = slope * (series.length - 1);
  if (pValue < alpha && sign * total >= limit) {
    return `drift by ${percent(Math.expm1(total), 1)} over ${series.length} reports`;
  }
  return undefined;
}
