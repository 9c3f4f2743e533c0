import { reportMeasures } from '../../results/metrics.ts';
import { metricsOf } from './metrics.ts';
import type { BenchReport } from '../../results/schema.ts';

/** Renders Bencher Metric Format: benchmark name, measure slug, value with bounds. */
export function renderBencher(report: BenchReport): string {
  const benchmarks: Record<string, Record<string, { value: number; lower_value?: number; upper_value?: number }>> = {};
  for (const { path, measure, value, low, high } of metricsOf(report)) {
    const benchmark = (benchmarks[path] ??= {});
    benchmark[reportMeasures[measure].slug] = {
      value,
      ...(low === undefined || high === undefined ? {} : { lower_value: low, upper_value: high }),
    };
  }
  return `${JSON.stringify(benchmarks, undefined, 2)}\n`;
}
