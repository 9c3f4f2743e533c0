import { counted } from '../numbers.ts';

interface MeasureFacts {
  readonly unit: string;
  readonly better: 'bigger' | 'smaller';
  /**
   * Name in lower-case letters, digits and dashes. It includes the unit unless the measure is built
   * into Bencher.
   */
  readonly slug: string;
}

/** Every measure. CI tools identify a series by its name, so a new name starts a new series. */
export const reportMeasures = {
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

export type Measure = keyof typeof reportMeasures;
/** One value of a report, for tools that track values over time. */
export interface Metric {
  /**
   * Name of a series, identical in every report, such as `drain, 4 members` or
   * `rebalance, range, join 2 to 3`.
   */
  readonly subject: string;
  /** The name as a path: `drain/4-members`, `rebalance/range/join-2-to-3`. */
  readonly path: string;
  readonly measure: Measure;
  readonly value: number;
  /** Bounds of the interval, if there are enough runs for one. */
  readonly low?: number;
  readonly high?: number;
  readonly runs: number;
}

/** A metric without the name of its series. */
export type Figure = Pick<Metric, 'measure' | 'value' | 'low' | 'high'>;

/** The metrics of a series that is identified by a lane and a number of members. */
export function metricsOfMembers(
  lane: string,
  { members, runs }: { readonly members: number; readonly runs: number },
  figures: readonly Figure[],
): Metric[] {
  const subject = `${lane}, ${counted(members, 'member')}`;
  return figures.map((figure) => ({ subject, path: `${lane}/${members}-members`, runs, ...figure }));
}
