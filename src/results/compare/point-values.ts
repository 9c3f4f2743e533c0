import { lanes, type Lane } from '../../config/lanes.ts';
import type { RunReport } from '../report-parts.ts';
import type { BenchReport } from '../schema.ts';
import type { MeasureName } from './comparison.ts';

type Runs = Pick<BenchReport, 'runs'>;

/** One point of a curve. */
export interface PointValues {
  readonly lane: Lane;
  readonly members: number;
  /**
   * One for each of repetitionsOf, at least one of them a number; NaN where a repetition has no
   * such run.
   */
  readonly values: readonly number[];
}

/** Pure: every repetition that was measured, ascending. */
export function repetitionsOf({ runs }: Runs): number[] {
  const measured = runs.filter(({ warmUp }) => !warmUp).map(({ repetition }) => repetition);
  return [...new Set(measured)].sort((a, b) => a - b);
}

/**
 * Pure: every point that has this measure. A speed-up is a run's rate over that of the fewest
 * members in the same repetition; a repetition without that run has none.
 */
export function pointsOf(report: Runs, measure: MeasureName): PointValues[] {
  const repetitions = repetitionsOf(report);
  return lanes.flatMap((lane) => {
    const runs = report.runs.filter((run) => run.lane === lane && !run.warmUp);
    const counts = [...new Set(runs.map(({ members }) => members))].sort((a, b) => a - b);
    const [baseline] = counts;
    return counts.flatMap((members): PointValues[] => {
      // Against itself the baseline is 1, and says nothing.
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
