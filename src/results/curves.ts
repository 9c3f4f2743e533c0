import { lanes } from '../config/lanes.ts';
import { medianInterval, samplesOf } from '../statistics/statistics.ts';
import { fitScalability, loadsMin, type CurvePoint } from '../statistics/universal-scalability.ts';
import type { RunReport } from './report-parts.ts';
import type { BenchReport } from './schema.ts';

type Curve = BenchReport['curves'][number];

/** A peak farther beyond the greatest load measured is a guess. */
const peakReach = 1.5;

/**
 * Members that work at once, in effect: with whole partitions to share, those with most of them set
 * the pace. 3 members of 4 partitions are as good as 2.
 */
export function effectiveMembers(members: number, partitions: number): number {
  return partitions / Math.ceil(partitions / Math.min(members, partitions));
}

/**
 * Pure: the Universal Scalability Law fitted to each lane that has four different loads; warm-ups
 * left out.
 */
export function curvesOf(
  runs: readonly RunReport[],
  { partitions }: { readonly partitions: number },
): BenchReport['curves'] {
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
 * Pure: the laws of a report that its points support, and peaks within reach of them. Versions
 * before 0.2 fitted three loads, and wrote down any peak.
 */
export function supportedCurves({
  curves,
  scaling,
  workload,
}: Pick<BenchReport, 'curves' | 'scaling' | 'workload'>): Curve[] {
  return curves.flatMap(({ peakLoad, ...curve }) => {
    const loads = scaling
      .filter(({ lane }) => lane === curve.lane)
      .map(({ members }) => ({ load: effectiveMembers(members, workload.partitions) }));
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
 * Repetitions are independent of each other, so each complete one is fitted alone. The fit of all
 * is within, always.
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
