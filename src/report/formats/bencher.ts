import { metricsOf } from './metrics.ts';
import type { BenchReport } from '../schema.ts';

/** Bencher Metric Format: benchmark name, then measure slug, then value with its bounds. */
export function renderBencher(report: BenchReport): string {
  const benchmarks: Record<string, Record<string, { value: number; lower_value?: number; upper_value?: number }>> = {};
  for (const { lane, members, measure, value, low, high } of metricsOf(report)) {
    const name = `${lane}/${members}-members`;
    benchmarks[name] ??= {};
    benchmarks[name][slugs[measure]] = {
      value,
      ...(low === undefined || high === undefined ? {} : { lower_value: low, upper_value: high }),
    };
  }
  return `${JSON.stringify(benchmarks, undefined, 2)}\n`;
}

/** `throughput` is Bencher's own measure; the unit of the others is a part of their name. */
const slugs = {
  'records per second': 'throughput',
  'CPU time per record': 'cpu-us-per-record',
  'speed-up': 'speed-up',
  'peak memory': 'peak-memory-mib',
  'join time': 'join-ms',
} as const;
