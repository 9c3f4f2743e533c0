import { lanes, type Lane } from '../../config/lanes.ts';
import { jointSignTest } from '../../statistics/joint-permutation.ts';
import { pairedTest } from '../../statistics/paired-test.ts';
import { median, samplesOf } from '../../statistics/statistics.ts';
import {
  confidence,
  judgedFields,
  spreadOf,
  verdictOf,
  worseSign,
  type Comparison,
  type ComparisonOptions,
  type ComparisonRow,
} from './comparison.ts';

/** The result of one process of a pair: the median of its runs. */
export interface AbSample {
  readonly side: 'a' | 'b';
  /** Counted from 1. */
  readonly pair: number;
  readonly lane: Lane;
  readonly members: number;
  readonly recordsPerSecond: number;
  readonly cpuMicrosPerRecord: number;
}

type AbMeasure = 'recordsPerSecond' | 'cpuMicrosPerRecord';

/**
 * A row before its test: one difference of logarithms per pair, NaN for pairs without both values.
 */
interface PairedRow extends Pick<ComparisonRow, 'lane' | 'members' | 'before' | 'after'> {
  readonly measure: AbMeasure;
  readonly differences: readonly number[];
}

/**
 * Pure: compares two revisions that were measured alternately. Machine noise affects both processes
 * of a pair equally, so the test uses the signs and ranks of the differences within pairs. All
 * numbers of members and all metrics of a pair come from the same two processes and are therefore
 * not independent. The test permutes the signs of whole pairs, and each lane as a whole has one
 * difference per pair: the mean over its numbers of members.
 */
export function compareAb(
  samples: readonly AbSample[],
  names: { readonly a: string; readonly b: string },
  options: ComparisonOptions,
): Comparison {
  const { maxRegression, alpha } = options;
  const pairs = [...new Set(samples.map(({ pair }) => pair))];
  const tested = (['recordsPerSecond', 'cpuMicrosPerRecord'] as const).flatMap((measure) =>
    lanes.flatMap((lane) => rowsOf(samples, pairs, lane, measure)),
  );
  const { greater, smaller } = jointSignTest(
    tested.map(({ measure, differences }) => differences.map((value) => worseSign(measure) * value)),
  );
  const rows = tested.map(({ differences, ...row }, index): ComparisonRow => {
    const known = samplesOf(differences.filter((value) => !Number.isNaN(value)));
    const test = pairedTest(known, confidence);
    const isWorse = worseSign(row.measure) * test.shift > 0;
    const pValue = (isWorse ? greater[index] : smaller[index]) ?? 1;
    return { ...row, ...judgedFields(row.measure, { ...test, pValue, spread: spreadOf(known) }, options) };
  });
  return {
    kind: 'comparison',
    method: 'ab',
    unit: 'pair',
    units: { before: pairs.length, after: pairs.length },
    tests: rows.length,
    before: names.a,
    after: names.b,
    maxRegression,
    alpha,
    rows,
    notes: [],
    verdict: verdictOf(rows),
  };
}

function rowsOf(samples: readonly AbSample[], pairs: readonly number[], lane: Lane, measure: AbMeasure): PairedRow[] {
  const ofLane = samples.filter((sample) => sample.lane === lane);
  const counts = [...new Set(ofLane.map(({ members }) => members))].sort((a, b) => a - b);
  const rows = counts.flatMap((members): PairedRow[] => {
    const valueOf = (side: 'a' | 'b', pair: number): number =>
      ofLane.find((sample) => sample.side === side && sample.pair === pair && sample.members === members)?.[measure] ??
      NaN;
    const both = pairs.map((pair) => ({ before: valueOf('a', pair), after: valueOf('b', pair) }));
    const known = both.filter(({ before, after }) => !Number.isNaN(before / after));
    if (known.length === 0) return [];
    return [
      {
        lane,
        members,
        measure,
        before: median(samplesOf(known.map(({ before }) => before))),
        after: median(samplesOf(known.map(({ after }) => after))),
        differences: both.map(({ before, after }) => Math.log(after / before)),
      },
    ];
  });
  if (rows.length === 0) return [];
  // NaN for pairs that lack a value for any number of members.
  const means = pairs.map(
    (_, pair) => rows.reduce((sum, row) => sum + (row.differences[pair] ?? NaN), 0) / rows.length,
  );
  const isComplete = means.some((value) => !Number.isNaN(value));
  return [...(isComplete ? [{ lane, members: 'all', measure, differences: means } as const] : []), ...rows];
}
