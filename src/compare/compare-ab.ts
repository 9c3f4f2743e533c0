import { lanes, type Lane } from '../config/lanes.ts';
import { pairedTest } from '../metrics/paired-test.ts';
import { median, samplesOf } from '../metrics/statistics.ts';
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
import { confidence } from './compare-reports.ts';

/** One side of a pair: the median of the runs of its process. */
export interface AbSample {
  readonly side: 'a' | 'b';
  /** From 1. */
  readonly pair: number;
  readonly lane: Lane;
  readonly members: number;
  readonly recordsPerSecond: number;
  readonly cpuMicrosPerRecord: number;
}

interface Pair {
  readonly lane: Lane;
  readonly members: number;
  readonly before: number;
  readonly after: number;
}

/**
 * Pure: two revisions measured in turns. What the machine does falls on both runs of a pair alike, so their differences are
 * tested (Wilcoxon's signed ranks on logarithms), of each point and of each lane as a whole.
 */
export function compareAb(
  samples: readonly AbSample[],
  names: { readonly a: string; readonly b: string },
  options: ComparisonOptions,
): Comparison {
  const { maxRegression, alpha } = options;
  const measured = (['recordsPerSecond', 'cpuMicrosPerRecord'] as const).flatMap((measure) =>
    lanes.flatMap((lane) => compareLane(pairsOf(samples, lane, measure), measure, options)),
  );
  return {
    kind: 'comparison',
    method: 'ab',
    before: names.a,
    after: names.b,
    maxRegression,
    alpha,
    rows: measured,
    notes: [],
    verdict: verdictOf(measured),
  };
}

function pairsOf(samples: readonly AbSample[], lane: Lane, measure: 'recordsPerSecond' | 'cpuMicrosPerRecord'): Pair[] {
  const ofLane = samples.filter((sample) => sample.lane === lane);
  return ofLane
    .filter(({ side }) => side === 'a')
    .flatMap((a) => {
      const b = ofLane.find(({ side, pair, members }) => side === 'b' && pair === a.pair && members === a.members);
      return b === undefined ? [] : [{ lane, members: a.members, before: a[measure], after: b[measure] }];
    });
}

function compareLane(pairs: readonly Pair[], measure: MeasureName, options: ComparisonOptions): ComparisonRow[] {
  const [first] = pairs;
  if (first === undefined) return [];
  const { lane } = first;
  const counts = [...new Set(pairs.map(({ members }) => members))].sort((a, b) => a - b);
  const groups = counts.map((members) => pairs.filter((pair) => pair.members === members));
  const tests = groups.map(testOf);
  const adjusted = holm(tests.map(({ pValue }) => pValue));
  const rows = groups.map((group, index): ComparisonRow => {
    const test = { ...(tests[index] ?? testOf(group)), pValue: adjusted[index] ?? 1 };
    return {
      lane,
      members: counts[index] ?? 'all',
      measure,
      before: median(samplesOf(group.map(({ before }) => before))),
      after: median(samplesOf(group.map(({ after }) => after))),
      ...changeFields(test),
      verdict: judge(measure, test, options),
    };
  });
  const whole = testOf(pairs);
  return [{ lane, members: 'all', measure, ...changeFields(whole), verdict: judge(measure, whole, options) }, ...rows];
}

function testOf(pairs: readonly Pair[]): ReturnType<typeof pairedTest> {
  return pairedTest(samplesOf(pairs.map(({ before, after }) => Math.log(after / before))), confidence);
}
