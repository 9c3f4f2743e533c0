import { measures, metricsOf, nameOf } from './metrics.ts';
import type { BenchReport } from '../schema.ts';

/**
 * Input of github-action-benchmark, tools `customBiggerIsBetter` and `customSmallerIsBetter`. One file has one direction, so
 * that a speed-up never raises an alert.
 */
export function renderGithubActionBenchmark(report: BenchReport, better: 'bigger' | 'smaller'): string {
  const { cpu, cores } = report.environment;
  const entries = metricsOf(report)
    .filter(({ measure }) => measures[measure].better === better)
    .map((metric) => {
      const { value, low, high, runs } = metric;
      return {
        name: nameOf(metric),
        unit: measures[metric.measure].unit,
        value,
        ...(low === undefined || high === undefined ? {} : { range: `± ${Math.max(high - value, value - low)}` }),
        extra: `runs: ${runs}\n${cpu}, ${cores} cores`,
      };
    });
  return `${JSON.stringify(entries, undefined, 2)}\n`;
}
