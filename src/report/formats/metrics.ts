import { causeNames } from '../rebalance-text.ts';
import type { Capacity, LatencyPoint } from '../../benchmark/experiments/latency/latency-schema.ts';
import { isSupported } from '../../results/intervals.ts';
import { counted } from '../../results/numbers.ts';
import { supportedPercentiles } from '../../benchmark/experiments/latency/percentile-support.ts';
import type { RebalanceRow } from '../../benchmark/experiments/rebalance/rebalance-schema.ts';
import type { BenchReport, ScalingReport } from '../../results/schema.ts';

/** One figure of a report, as tools that follow figures over time want it. */
export interface Metric {
  /**
   * Name of a series, identical in every report: `drain, 4 members`, `rebalance, range, join 2 to
   * 3`.
   */
  readonly subject: string;
  /** The same as a path: `drain/4-members`, `rebalance/range/join-2-to-3`. */
  readonly path: string;
  readonly measure: Measure;
  readonly value: number;
  /** Ends of its interval, where its runs support one. */
  readonly low?: number;
  readonly high?: number;
  readonly runs: number;
}

interface MeasureFacts {
  readonly unit: string;
  readonly better: 'bigger' | 'smaller';
  /**
   * Name in lower case letters, digits and dashes; includes the unit unless the measure is built
   * into Bencher.
   */
  readonly slug: string;
}

/** Every measure. CI tools keep a series under its name: a new name begins a new series. */
export const measures = {
  'records per second': { unit: 'records/s', better: 'bigger', slug: 'throughput' },
  'speed-up': { unit: 'x', better: 'bigger', slug: 'speed-up' },
  'CPU time per record': { unit: 'µs', better: 'smaller', slug: 'cpu-us-per-record' },
  'peak memory': { unit: 'MiB', better: 'smaller', slug: 'peak-memory-mib' },
  'join time': { unit: 'ms', better: 'smaller', slug: 'join-ms' },
  'latency p50': { unit: 'ms', better: 'smaller', slug: 'latency-p50-ms' },
  'latency p99': { unit: 'ms', better: 'smaller', slug: 'latency-p99-ms' },
  'latency p99.9': { unit: 'ms', better: 'smaller', slug: 'latency-p99-9-ms' },
  'latency p99.99': { unit: 'ms', better: 'smaller', slug: 'latency-p99-99-ms' },
  capacity: { unit: 'records/s', better: 'bigger', slug: 'capacity' },
  'time to rest': { unit: 'ms', better: 'smaller', slug: 'rest-ms' },
  'median gap': { unit: 'ms', better: 'smaller', slug: 'gap-p50-ms' },
  'longest gap': { unit: 'ms', better: 'smaller', slug: 'gap-max-ms' },
  'records fetched again': { unit: 'records', better: 'smaller', slug: 'refetched' },
} as const satisfies Record<string, MeasureFacts>;

type Measure = keyof typeof measures;
type Figure = Pick<Metric, 'measure' | 'value' | 'low' | 'high'>;

/** Pure: the figures of every point of the curve, of every latency and of every rebalance. */
export function metricsOf(report: Pick<BenchReport, 'scaling' | 'latency' | 'rebalance'>): Metric[] {
  const { scaling, latency, rebalance } = report;
  return [
    ...scaling.flatMap(ofScaling),
    ...(latency?.points.flatMap(ofLatency) ?? []),
    ...(latency?.capacity?.flatMap(ofCapacity) ?? []),
    ...(rebalance?.rows.flatMap(ofRebalance) ?? []),
  ];
}

/** `drain, 4 members: records per second` */
export function nameOf({ subject, measure }: Metric): string {
  return `${subject}: ${measure}`;
}

function ofScaling(point: ScalingReport): Metric[] {
  const { intervals } = point;
  // An alert must not depend on the range of a few runs, nor on the baseline's speed-up over
  // itself.
  const bounds = (name: keyof typeof intervals): Pick<Metric, 'low' | 'high'> => {
    const { low, high } = intervals[name];
    const isItself = name === 'speedup' && point.members === point.baselineMembers;
    return isSupported(intervals[name]) && !isItself ? { low, high } : {};
  };
  return ofMembers(point.lane, point, [
    { measure: 'records per second', value: point.recordsPerSecond, ...bounds('recordsPerSecond') },
    { measure: 'speed-up', value: point.speedup, ...bounds('speedup') },
    { measure: 'CPU time per record', value: point.cpuMicrosPerRecord, ...bounds('cpuMicrosPerRecord') },
    { measure: 'peak memory', value: point.peakRssMib },
    { measure: 'join time', value: point.joinMs },
  ]);
}

function ofLatency(point: LatencyPoint): Metric[] {
  const supported = supportedPercentiles(point.correctedMs);
  const figures = [
    ['latency p50', supported.p50],
    ['latency p99', supported.p99],
    ['latency p99.9', supported.p99_9],
    ['latency p99.99', supported.p99_99],
  ] as const;
  return ofMembers(
    'latency',
    point,
    figures.flatMap(([measure, value]) => (value === undefined ? [] : [{ measure, value }])),
  );
}

/** A search that found no rate has no value, so that its series shows a gap. */
function ofCapacity({ members, ratePerSecond, probes }: Capacity): Metric[] {
  if (ratePerSecond === undefined) return [];
  return ofMembers('latency', { members, runs: probes.length }, [{ measure: 'capacity', value: ratePerSecond }]);
}

function ofRebalance(row: RebalanceRow): Metric[] {
  const { protocol, cause, fromMembers, toMembers, runs } = row;
  const change = `${causeNames[cause]} ${fromMembers} to ${toMembers}`;
  const subject = `rebalance, ${protocol}, ${change}`;
  const path = `rebalance/${protocol}/${change.replaceAll(' ', '-')}`;
  const figures: readonly Figure[] = [
    { measure: 'time to rest', value: row.settleMs },
    { measure: 'median gap', value: row.gapsMs.p50 },
    { measure: 'longest gap', value: row.gapsMs.max },
    { measure: 'records fetched again', value: row.refetched },
  ];
  return figures.map((figure) => ({ subject, path, runs, ...figure }));
}

function ofMembers(
  lane: string,
  { members, runs }: { readonly members: number; readonly runs: number },
  figures: readonly Figure[],
): Metric[] {
  const subject = `${lane}, ${counted(members, 'member')}`;
  return figures.map((figure) => ({ subject, path: `${lane}/${members}-members`, runs, ...figure }));
}
