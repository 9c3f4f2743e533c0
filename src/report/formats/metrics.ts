import type { BenchReport, ScalingReport } from '../schema.ts';

/** One figure of a report, as tools that follow figures over time want it. */
export interface Metric {
  /** The same in every report: `drain, 4 members: records per second`. */
  readonly name: string;
  readonly lane: ScalingReport['lane'];
  readonly members: number;
  readonly measure: 'records per second' | 'CPU time per record' | 'speed-up' | 'peak memory' | 'join time';
  readonly unit: string;
  readonly value: number;
  /** Ends of its interval, where it has one. */
  readonly low?: number;
  readonly high?: number;
  readonly better: 'bigger' | 'smaller';
  readonly runs: number;
}

/** Pure: the figures of every point of the curve. */
export function metricsOf(report: Pick<BenchReport, 'scaling'>): Metric[] {
  return report.scaling.flatMap((point) => {
    const { lane, members, runs, intervals } = point;
    const metric = (
      measure: Metric['measure'],
      unit: string,
      value: number,
      better: Metric['better'],
      interval?: { readonly low: number; readonly high: number },
    ): Metric => ({
      name: `${lane}, ${members} ${members === 1 ? 'member' : 'members'}: ${measure}`,
      lane,
      members,
      measure,
      unit,
      value,
      ...(interval === undefined ? {} : { low: interval.low, high: interval.high }),
      better,
      runs,
    });
    return [
      metric('records per second', 'records/s', point.recordsPerSecond, 'bigger', intervals.recordsPerSecond),
      metric('speed-up', 'x', point.speedup, 'bigger', intervals.speedup),
      metric('CPU time per record', 'µs', point.cpuMicrosPerRecord, 'smaller', intervals.cpuMicrosPerRecord),
      metric('peak memory', 'MiB', point.peakRssMib, 'smaller'),
      metric('join time', 'ms', point.joinMs, 'smaller'),
    ];
  });
}
