import { metricsOf, type Metric } from './metrics.ts';
import type { BenchReport } from '../schema.ts';

/**
 * Input of github-action-benchmark, tools `customBiggerIsBetter` and `customSmallerIsBetter`. One file has one direction, so
 * that a speed-up never raises an alert.
 */
export function renderGithubActionBenchmark(report: BenchReport, better: Metric['better']): string {
  const entries = metricsOf(report)
    .filter((metric) => metric.better === better)
    .map(({ name, unit, value, low, high, runs }) => ({
      name,
      unit,
      value,
      ...(low === undefined || high === undefined ? {} : { range: `± ${Math.max(high - value, value - low)}` }),
      extra: `median of ${runs} runs\n${report.environment.cpu}, ${report.environment.cores} cores`,
    }));
  return `${JSON.stringify(entries, undefined, 2)}\n`;
}
