import { lanes, type Lane } from '../../config/lanes.ts';
import type { RunReport } from '../report-parts.ts';
import type { BenchReport } from '../schema.ts';
import type { MeasureName } from './comparison.ts';

type Runs = Pick<BenchReport, 'runs'>;

/** The values of one scaling point. */
export interface PointValues {
  readonly lane: Lane;
  readonly members: number;
  /**
   * One value for each repetition of repetitionsOf, NaN for repetitions without such a run; at
   * least one value is not NaN.
   */
  readonly values: readonly number[];
}

/** Pure: the numbers of all measured repetitions, ascending. */
export function repetitionsOf({ runs }: Runs): number[] {
  const measured = runs.filter(({ warmUp }) => !warmUp).map(({ repetition }) => repetition);
  return [...new Set(measured)].sort((a, b) => a - b);
}

/**
 * Pure: every point that has this measure. A speed-up is the rate of a run divided by the rate of
 * the smallest group in the same repetition. A repetition without that run has no speed-ups.
 */
export function pointsOf(report: Runs, measure: MeasureName): PointValues[] {
  const repetitions = repetitionsOf(report);
  return lanes.flatMap((lane) => {
    const runs = report.runs.filter((run) => run.lane === lane && !run.warmUp);
    const counts = [...new Set(runs.map(({ members }) => members))].sort((a, b) => a - b);
    const [baseline] = counts;
    return counts.flatMap((members): PointValues[] => {
      // The baseline's speed-up over itself is always 1.
      if (measure === 'speedup' && members === baseline) return [];
      const find = (repetition: number, count?: number): RunReport | undefined =>
        runs.find((run) => run.repetition === repetition && run.members === count);
      const values = repetitions.map((repetition) => {
        const own = find(repetition, members);
        if (measure !== 'speedup') return own?.[measure] ?? NaN;
        return (own?.recordsPerSecond ?? NaN) / (find(repetition, baseline)?.recordsPerSecond ?? NaN);
      });
      return values.every(Number.isNaN) ? [] : [{ lane, members, values }];
    });
  });
}
