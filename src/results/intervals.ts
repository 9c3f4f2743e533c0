import { largest, smallest } from '../statistics/extremes.ts';
import { samplesForInterval } from '../statistics/statistics.ts';
import { percent } from './numbers.ts';
import type { ScalingReport } from './report-parts.ts';

/** An interval that its runs support; with fewer runs it is their range. */
const coverageMin = 0.95;

/** Pure */
export function isSupported({ coverage }: { readonly coverage: number }): boolean {
  return coverage >= coverageMin;
}

/** Pure: what the column of intervals is worth, a line for each kind that is in it. */
export function intervalNotes(points: readonly ScalingReport[]): string[] {
  const repeated = points
    .filter(({ runs }) => runs > 1)
    .map(({ runs, intervals }) => ({ runs, ...intervals.recordsPerSecond }));
  const ranges = repeated.filter((interval) => !isSupported(interval));
  const others = repeated.filter(isSupported);
  // Exact for the number of runs, and never below what is promised.
  const least = smallest(others.map(({ coverage }) => coverage));
  return [
    ...(others.length === 0 ? [] : [`± is the ${percent(Math.floor(100 * least) / 100)} interval of the median`]),
    ...(ranges.length === 0
      ? []
      : [
          `range: minimum and maximum of ${largest(ranges.map(({ runs }) => runs))} runs, which are too few for an interval: pass --repetitions ${samplesForInterval}`,
        ]),
  ];
}
