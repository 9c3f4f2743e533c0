import { percent, whole } from './numbers.ts';
import type { BenchReport, ScalingReport } from './schema.ts';

type Limiter = ScalingReport['limiter'];

export const limiterNames = {
  partitions: 'partitions',
  'service-time': 'service time',
  'cpu-of-members': 'CPU of members',
  'cpu-of-brokers': 'CPU of brokers',
  'cpu-of-others': 'CPU of other processes',
  network: 'network',
  none: 'waiting',
} as const satisfies Record<Limiter['name'], string>;

/** Pure: what a reader learns from a lane's curve, a line each. */
export function curveNotes(report: Pick<BenchReport, 'scaling' | 'curves'>, lane: ScalingReport['lane']): string[] {
  const points = report.scaling.filter((point) => point.lane === lane);
  return [
    `limited by ${limits(points).join(', ')}`,
    ...report.curves.filter((curve) => curve.lane === lane).map(curveText),
    ...points.flatMap(({ members, recordsPerSecond, outliers }) =>
      outliers.map(
        (outlier) =>
          `outlier, kept: ${members} members, repetition ${outlier.repetition}: ${whole(outlier.recordsPerSecond)} records/s, ${percent(outlier.recordsPerSecond / recordsPerSecond)} of the median`,
      ),
    ),
  ];
}

/** Neighbours with the same limiter together. */
function limits(points: readonly ScalingReport[]): string[] {
  const groups: { readonly first: ScalingReport; last: ScalingReport }[] = [];
  for (const point of points) {
    const group = groups.at(-1);
    if (group?.first.limiter.name === point.limiter.name) group.last = point;
    else groups.push({ first: point, last: point });
  }
  return groups.map(({ first, last }) => {
    const members = first === last ? `${first.members}` : `${first.members} to ${last.members}`;
    return `${limiterNames[last.limiter.name]} (${members}: ${percent(figureOf(last.limiter))})`;
  });
}

/** The share that made it so. */
function figureOf({ name, shares }: Limiter): number {
  const figures = {
    partitions: Math.max(shares.serviceTime, shares.busiestMember),
    'service-time': shares.serviceTime,
    'cpu-of-members': shares.machine >= shares.busiestMember ? shares.members : shares.busiestMember,
    'cpu-of-brokers': shares.brokers ?? 0,
    'cpu-of-others': shares.machine - shares.members - (shares.brokers ?? 0),
    network: shares.network ?? 0,
    none: 1 - shares.busiestMember,
  };
  return figures[name];
}

function curveText({ contention, coherency, peakLoad, recordsPerSecond, rSquared }: BenchReport['curves'][number]) {
  const peak = peakLoad === undefined ? 'no peak' : `peak at ${peakLoad.toFixed(1)} members at work`;
  return `scalability law: ${whole(recordsPerSecond)} records/s for one, contention ${percent(contention, 1)}, coherency ${percent(coherency, 2)}, ${peak} (R² ${rSquared.toFixed(3)})`;
}

/** Pure: whether the asked precision was reached. */
export function precisionText({ wanted, reached, worst }: NonNullable<BenchReport['precision']>): string {
  const found = worst === undefined ? 'too few runs for a 95 % interval' : `± ${percent(worst, 1)} at worst`;
  return reached
    ? `precise: ${found}, ± ${percent(wanted, 1)} wanted`
    : `not precise: ${found}, ± ${percent(wanted, 1)} wanted; --max-time ended it`;
}
