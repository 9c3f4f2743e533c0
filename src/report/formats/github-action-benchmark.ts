import { reportMeasures } from '../../results/metrics.ts';
import { metricsOf, nameOf } from './metrics.ts';
import type { BenchReport } from '../../results/schema.ts';

/**
 * Input of github-action-benchmark, tools `customBiggerIsBetter` and `customSmallerIsBetter`. One file has one direction, so
 * that a speed-up never raises an alert. The tool compares by ratios, so a figure of 0 is left out: any other would be
 * infinitely worse. It refuses an empty list, so the share of verified runs is always among the bigger ones.
 * @returns undefined when no figure is better when it is smaller
 */
export function renderGithubActionBenchmark(report: BenchReport, better: 'bigger' | 'smaller'): string | undefined {
  const { cpu, cores } = report.environment;
  const { runs: made, runsPlanned, runsVerified } = report.verdict;
  const verified = { name: 'verified runs', unit: '%', value: (100 * runsVerified) / Math.max(1, runsPlanned) };
  const figures = metricsOf(report)
    .filter(({ measure, value }) => reportMeasures[measure].better === better && value > 0)
    .map((metric) => {
      const { value, low, high, runs } = metric;
      return {
        name: nameOf(metric),
        unit: reportMeasures[metric.measure].unit,
        value,
        ...(low === undefined || high === undefined ? {} : { range: `± ${Math.max(high - value, value - low)}` }),
        extra: `runs: ${runs}\n${cpu}, ${cores} cores`,
      };
    });
  const entries = better === 'bigger' ? [{ ...verified, extra: `runs: ${made}` }, ...figures] : figures;
  return entries.length === 0 ? undefined : `${JSON.stringify(entries, undefined, 2)}\n`;
}
