import { lanes, type Lane } from '../../config/lanes.ts';
import { jointSignTest } from '../../statistics/joint-permutation.ts';
import { pairedTest } from '../../statistics/paired-test.ts';
import { median, samplesOf } from '../../statistics/statistics.ts';
import { measures } from '../compared-series.ts';
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

/** The measures of every pair. */
const abMeasures = [measures.recordsPerSecond, measures.cpuMicrosPerRecord] as const;
type AbMeasure = (typeof abMeasures)[number];

/**
 * A row before its test: one difference of logarithms per pair, NaN for pairs without both values.
 */
interface PairedRow extends Pick<ComparisonRow, 'before' | 'after'> {
  readonly point: ComparedPoint;
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
  const pairs = [...new Set(samples.map(({ pair }) => pair))];
  const paired = abMeasures.flatMap((measure) => lanes.flatMap((lane) => rowsOf(samples, pairs, lane, measure)));
  const joint = jointSignTest(
    paired.map(({ point, differences }) => differences.map((value) => worseSign(point) * value)),
  );
  const tested = paired.map(({ point, differences, ...shown }) => {
    const known = samplesOf(differences.filter((value) => !Number.isNaN(value)));
    return { point, shown, shift: { ...pairedTest(known, confidence), spread: spreadOf(known) } };
  });
  return comparisonOf(judgedRows(tested, joint, options), options, {
    method: 'ab',
    unit: 'pair',
    units: { before: pairs.length, after: pairs.length },
    tests: tested.length,
    before: names.a,
    after: names.b,
    notes: [],
  });
}

function rowsOf(samples: readonly AbSample[], pairs: readonly number[], lane: Lane, measure: AbMeasure): PairedRow[] {
  const ofLane = samples.filter((sample) => sample.lane === lane);
  const counts = [...new Set(ofLane.map(({ members }) => members))].sort((a, b) => a - b);
  const rows = counts.flatMap((members): PairedRow[] => {
    const valueOf = (side: 'a' | 'b', pair: number): number =>
      ofLane.find((sample) => sample.side === side && sample.pair === pair && sample.members === members)?.[
        measure.name
      ] ?? NaN;
    const both = pairs.map((pair) => ({ before: valueOf('a', pair), after: valueOf('b', pair) }));
    const known = both.filter(({ before, after }) => !Number.isNaN(before / after));
    if (known.length === 0) return [];
    return [
      {
        point: comparedPoint({ lane, members }, measure),
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
  const point = comparedPoint({ lane, members: 'all' }, measure);
  return [...(isComplete ? [{ point, differences: means }] : []), ...rows];
}
