import { largest, smallest } from '../../../statistics/extremes.ts';
import { loadsMin } from '../../../statistics/universal-scalability.ts';
import { effectiveMembers, supportedCurves } from '../../../results/curves.ts';
import { isSupported } from '../../../results/intervals.ts';
import { counted, percent, whole } from '../../../numbers.ts';
import type { ScalingReport } from '../../../results/report-parts.ts';
import type { ThroughputReport } from './throughput-schema.ts';

type Limiter = ScalingReport['limiter'];
type Curve = ThroughputReport['curves'][number];
type CurveFacts = Pick<ThroughputReport, 'scaling' | 'curves' | 'partitions'>;

const limiterNames = {
  partitions: 'partitions',
  'service-time': 'service time',
  'cpu-of-members': 'CPU of members',
  'cpu-of-brokers': 'CPU of brokers',
  'cpu-of-others': 'CPU of other processes',
  network: 'network',
  none: 'waiting',
} as const satisfies Record<Limiter['name'], string>;

/** CPU time has a resolution of 10 ms, so in shorter runs its shares are too inaccurate. */
const limiterMsMin = 500;
const tooShort = 'unknown';

/** Pure: the limiting resource of each point, for runs that are long enough to identify it. */
export function limiterText({ limiter, durationMs }: Pick<ScalingReport, 'limiter' | 'durationMs'>): string {
  return durationMs < limiterMsMin ? tooShort : limiterNames[limiter.name];
}

/** Pure: explanations of a lane's scaling curve, one per line. */
export function curveNotes(report: CurveFacts, lane: ScalingReport['lane']): string[] {
  const points = report.scaling.filter((point) => point.lane === lane);
  const short = points.filter((point) => limiterText(point) === tooShort);
  return [
    `limited by ${limits(points).join(', ')}`,
    ...(short.length === 0
      ? []
      : [`runs of less than ${limiterMsMin} ms are too short to find their limiter: pass a larger --num-records`]),
    ...lawText(report, lane, points),
    ...points.flatMap(({ members, recordsPerSecond, outliers }) =>
      outliers.map(
        (outlier) =>
          `outlier, included: ${counted(members, 'member')}, repetition ${outlier.repetition}: ${whole(outlier.recordsPerSecond)} records/s, ${percent(outlier.recordsPerSecond / recordsPerSecond)} of the median`,
      ),
    ),
  ];
}

/** Groups consecutive points that have the same limiter. */
function limits(points: readonly ScalingReport[]): string[] {
  const groups: ScalingReport[][] = [];
  for (const point of points) {
    const group = groups.at(-1);
    if (group?.[0] !== undefined && limiterText(group[0]) === limiterText(point)) group.push(point);
    else groups.push([point]);
  }
  return groups.map((group) => {
    const [first, last] = [group[0], group.at(-1)];
    if (first === undefined || last === undefined) return '';
    const members = first === last ? `${first.members}` : `${first.members} to ${last.members}`;
    const name = limiterText(last);
    if (name === tooShort) return `${name} (${members})`;
    const figures = group.map(({ limiter }) => figureOf(limiter));
    const [least, most] = [percent(smallest(figures)), percent(largest(figures))];
    return `${name} (${members}: ${least === most ? least : `${least} to ${most}`})`;
  });
}

/** The share that identified the limiter. */
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

function lawText(report: CurveFacts, lane: ScalingReport['lane'], points: readonly ScalingReport[]): string[] {
  const curve = supportedCurves(report).find((other) => other.lane === lane);
  const { partitions } = report;
  const loads = new Set(points.map(({ members }) => effectiveMembers(members, partitions)));
  if (curve !== undefined) return [curveText(curve, largest(loads))];
  if (loads.size < 2) return [];
  const possible = new Set(Array.from({ length: partitions }, (_, index) => effectiveMembers(index + 1, partitions)));
  const hint =
    possible.size < loadsMin
      ? `${counted(partitions, 'partition')} allow at most ${possible.size} different loads; pass --partitions 12 --members 1,2,3,4,6`
      : 'pass more values in --members';
  return [
    `Universal Scalability Law: not fitted (${loads.size} different loads, at least ${loadsMin} needed): ${hint}`,
  ];
}

function curveText(curve: Curve, greatestLoad: number): string {
  const { contention, coherency, recordsPerSecond, intervals } = curve;
  const between = ([low = NaN, high = NaN]: readonly number[], text: (value: number) => string): string =>
    `${text(low)} to ${text(high)}`;
  const first = (value: number): string => percent(value, 1);
  const second = (value: number): string => percent(value, 2);
  return [
    `Universal Scalability Law: ${whole(recordsPerSecond)} records/s for one member (${between(intervals.recordsPerSecond, whole)})`,
    `contention ${first(contention)} (${between(intervals.contention, first)})`,
    `coherency ${second(coherency)} (${between(intervals.coherency, second)})`,
    `${peakText(curve, greatestLoad)}; in parentheses: ${curveIntervalText(curve)}`,
  ].join(', ');
}

/** Pure: the peak that the law predicts, if it is near the measured loads. */
export function peakText({ peakLoad }: Curve, greatestLoad: number): string {
  if (peakLoad !== undefined) return `peak near ${counted(Math.round(peakLoad), 'active member')}`;
  return `no peak near the ${whole(greatestLoad)} active members that were measured`;
}

/** Pure: the confidence of the fitted law's intervals. */
export function curveIntervalText({ coverage }: Curve): string {
  if (coverage === undefined) return 'bootstrap intervals, which are too narrow';
  if (isSupported({ coverage })) return `${percent(Math.floor(100 * coverage) / 100)} intervals`;
  return coverage === 0
    ? 'the same value: a single repetition has no range'
    : 'the range of the repetitions, which are too few for an interval';
}

/** Pure: whether the requested precision was reached. */
export function precisionText({ wanted, reached, worst }: NonNullable<ThroughputReport['precision']>): string {
  const found = worst === undefined ? 'too few runs for an interval' : `± ${percent(worst, 1)} at most`;
  return reached
    ? `precise: ${found}, ± ${percent(wanted, 1)} wanted`
    : `not precise: ${found}, ± ${percent(wanted, 1)} wanted; stopped by --max-time`;
}
