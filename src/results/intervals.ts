import { largest, smallest } from '../statistics/extremes.ts';
import { samplesForInterval } from '../statistics/statistics.ts';
import { percent } from '../numbers.ts';
import type { ScalingReport } from './report-parts.ts';

/** Minimum coverage of an interval; below it, the interval is reported as a range. */
const coverageMin = 0.95;

/** Pure: true when there were enough runs for a 95 % interval. */
export function isSupported({ coverage }: { readonly coverage: number }): boolean {
  return coverage >= coverageMin;
}

/** Pure: explains the column of intervals, with one line for each kind that it contains. */
export function intervalNotes(points: readonly ScalingReport[]): string[] {
  const repeated = points
    .filter(({ runs }) => runs > 1)
    .map(({ runs, intervals }) => ({ runs, ...intervals.recordsPerSecond }));
  const ranges = repeated.filter((interval) => !isSupported(interval));
  const others = repeated.filter(isSupported);
  // The actual coverage for this number of runs, rounded down.
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
