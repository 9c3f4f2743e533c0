import { lanes } from '../config/lanes.ts';
import { shiftTest, type Stratum } from '../metrics/rank-tests.ts';
import { median } from '../metrics/statistics.ts';
import type { BenchReport } from '../report/schema.ts';
import { environmentNotes } from './comparable.ts';
import {
  changeFields,
  holm,
  judge,
  verdictOf,
  type Comparison,
  type ComparisonOptions,
  type ComparisonRow,
  type MeasureName,
} from './comparison.ts';
import { logarithms, pointsOf, type PointSamples } from './samples.ts';

/** Two-sided, so that each end is right with 95 %. */
export const confidence = 0.9;

export interface CompareReportsOptions extends ComparisonOptions {
  /** Only what does not depend on the speed of a machine: speed-ups. */
  readonly ratiosOnly: boolean;
}

/**
 * Pure: two reports of the same thing. Each point by Mann-Whitney U on the logarithms of its runs, and each lane as a whole by
 * the sum of U over its points, since three repetitions of one point alone can never be significant.
 */
export function compareReports(before: BenchReport, after: BenchReport, options: CompareReportsOptions): Comparison {
  const { maxRegression, alpha, ratiosOnly } = options;
  const names: readonly MeasureName[] = ratiosOnly ? ['speedup'] : ['recordsPerSecond', 'cpuMicrosPerRecord'];
  const rows = names.flatMap((measure) =>
    lanes.flatMap((lane) => {
      const of = (report: BenchReport) => pointsOf(report, measure).filter((point) => point.lane === lane);
      return compareLane(of(before), of(after), measure, options);
    }),
  );
  const sameCores = before.environment.cores === after.environment.cores;
  return {
    kind: 'comparison',
    method: 'reports',
    before: nameOf(before),
    after: nameOf(after),
    maxRegression,
    alpha,
    rows,
    notes: [
      ...environmentNotes([before, after]),
      ...(ratiosOnly && !sameCores
        ? ['the machines have other numbers of cores: speed-ups of lane drain differ by that']
        : []),
    ],
    verdict: verdictOf(rows),
  };
}

function compareLane(
  before: readonly PointSamples[],
  after: readonly PointSamples[],
  measure: MeasureName,
  options: ComparisonOptions,
): ComparisonRow[] {
  const partner = (points: readonly PointSamples[], { members }: PointSamples): PointSamples | undefined =>
    points.find((point) => point.members === members);
  const pairs = before.flatMap((point) => {
    const other = partner(after, point);
    return other === undefined ? [] : [{ point, other }];
  });
  const gone = before.filter((point) => partner(after, point) === undefined);
  const fresh = after.filter((point) => partner(before, point) === undefined);
  const strata = pairs.map(({ point, other }) => ({
    before: logarithms(point.samples),
    after: logarithms(other.samples),
  }));
  const tests = strata.map((stratum) => shiftTest([stratum], confidence));
  const adjusted = holm(tests.map(({ pValue }) => pValue));
  const rows = pairs.map(({ point, other }, index): ComparisonRow => {
    const test = tests[index] ?? shiftTest(strata, confidence);
    const { lane, members } = point;
    const values = { before: median(point.samples), after: median(other.samples) };
    const pValue = adjusted[index] ?? 1;
    const verdict = judge(measure, { ...test, pValue }, options);
    return {
      lane,
      members,
      measure,
      ...values,
      ...changeFields({ ...test, pValue }),
      cliffsDelta: test.cliffsDelta,
      verdict,
    };
  });
  return [
    ...wholeLane(pairs[0]?.point, strata, measure, options),
    ...rows,
    ...gone.map(({ lane, members, samples }): ComparisonRow => {
      return { lane, members, measure, before: median(samples), verdict: 'missing' };
    }),
    ...fresh.map(({ lane, members, samples }): ComparisonRow => {
      return { lane, members, measure, after: median(samples), verdict: 'new' };
    }),
  ];
}

function wholeLane(
  first: PointSamples | undefined,
  strata: readonly Stratum[],
  measure: MeasureName,
  options: ComparisonOptions,
): ComparisonRow[] {
  if (first === undefined) return [];
  const test = shiftTest(strata, confidence);
  const verdict = judge(measure, test, options);
  return [{ lane: first.lane, members: 'all', measure, ...changeFields(test), cliffsDelta: test.cliffsDelta, verdict }];
}

function nameOf({ startedAt, environment }: BenchReport): string {
  const { git } = environment;
  return git === undefined ? startedAt : `${git.revision.slice(0, 12)}${git.dirty ? '+' : ''} of ${startedAt}`;
}
