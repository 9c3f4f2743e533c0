import { lanes } from '../config/lanes.ts';
import { medianInterval, samplesOf } from '../statistics/statistics.ts';
import { fitScalability, loadsMin, type CurvePoint } from '../statistics/universal-scalability.ts';
import type { LaneResults, RunReport } from './report-parts.ts';

type Curve = LaneResults['curves'][number];

/** Maximum ratio of a peak to the greatest measured load; extrapolation beyond it is unreliable. */
const peakReach = 1.5;

/**
 * Effective number of members that work at the same time. The members with the most partitions
 * determine the duration: 3 members with 4 partitions are as fast as 2.
 */
export function effectiveMembers(members: number, partitions: number): number {
  return partitions / Math.ceil(partitions / Math.min(members, partitions));
}

/**
 * Pure: fits the Universal Scalability Law to each lane with at least four different loads, without
 * warm-ups.
 */
export function curvesOf(runs: readonly RunReport[], { partitions }: { readonly partitions: number }): Curve[] {
  return lanes.flatMap((lane) => {
    const measured = runs.filter((run) => run.lane === lane && !run.warmUp);
    const points = pointsOf(measured, partitions);
    const fit = fitScalability(points);
    if (fit === undefined) return [];
    const { rate, contention, coherency, rSquared, peakLoad } = fit;
    const isNear = peakLoad !== undefined && peakLoad <= peakReach * greatestLoad(points);
    const parameters = { recordsPerSecond: rate, contention, coherency };
    return [
      {
        lane,
        ...parameters,
        ...(isNear ? { peakLoad } : {}),
        rSquared,
        ...intervalsOf(measured, partitions, parameters),
      },
    ];
  });
}

/**
 * Pure: the laws that the report's points support, without peaks beyond `peakReach`. Versions
 * before 0.2 fitted the law to three loads and reported every peak.
 */
export function supportedCurves({
  curves,
  scaling,
  partitions,
}: Pick<LaneResults, 'curves' | 'scaling'> & { readonly partitions: number }): Curve[] {
  return curves.flatMap(({ peakLoad, ...curve }) => {
    const loads = scaling
      .filter(({ lane }) => lane === curve.lane)
      .map(({ members }) => ({ load: effectiveMembers(members, partitions) }));
    if (new Set(loads.map(({ load }) => load)).size < loadsMin) return [];
    const isNear = peakLoad !== undefined && peakLoad <= peakReach * greatestLoad(loads);
    return [{ ...curve, ...(isNear ? { peakLoad } : {}) }];
  });
}

function pointsOf(runs: readonly RunReport[], partitions: number): CurvePoint[] {
  return [...new Set(runs.map(({ members }) => members))].map((members) => ({
    load: effectiveMembers(members, partitions),
    rates: runs.filter((run) => run.members === members).map(({ recordsPerSecond }) => recordsPerSecond),
  }));
}

function greatestLoad(points: readonly Pick<CurvePoint, 'load'>[]): number {
  return points.reduce((most, { load }) => Math.max(most, load), 0);
}

/**
 * Repetitions are independent of each other, so each complete one is fitted separately. The
 * intervals always include the fit of all repetitions.
 */
function intervalsOf(
  runs: readonly RunReport[],
  partitions: number,
  fit: Pick<Curve, 'recordsPerSecond' | 'contention' | 'coherency'>,
): Pick<Curve, 'intervals' | 'coverage'> {
  const fits = [...new Set(runs.map(({ repetition }) => repetition))].flatMap((repetition) => {
    const own = fitScalability(
      pointsOf(
        runs.filter((run) => run.repetition === repetition),
        partitions,
      ),
    );
    return own ?? [];
  });
  const interval = (value: number, values: readonly number[]) => {
    const { low, high, coverage } = medianInterval(samplesOf(values.length === 0 ? [value] : values));
    return { ends: [Math.min(low, value), Math.max(high, value)], coverage };
  };
  const rate = interval(
    fit.recordsPerSecond,
    fits.map((each) => each.rate),
  );
  const ends = (name: 'contention' | 'coherency'): number[] =>
    interval(
      fit[name],
      fits.map((each) => each[name]),
    ).ends;
  return {
    intervals: { recordsPerSecond: rate.ends, contention: ends('contention'), coherency: ends('coherency') },
    coverage: rate.coverage,
  };
}
