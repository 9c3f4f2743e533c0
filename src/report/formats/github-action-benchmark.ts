import { reportMeasures } from '../../results/metrics.ts';
import { metricsOf, nameOf } from './metrics.ts';
import type { BenchReport } from '../../results/schema.ts';
import { counted } from '../../numbers.ts';

/**
 * Renders input for github-action-benchmark, tools `customBiggerIsBetter` and
 * `customSmallerIsBetter`. Each file has one direction, so that an improvement never raises an
 * alert. Values of 0 are omitted, because the tool compares by ratio and would treat any other
 * value as infinitely worse. The tool rejects an empty list, so the `bigger` list always contains
 * the share of verified runs.
 * @returns undefined when the report has no metric of this direction
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
        extra: `runs: ${runs}\n${cpu}, ${counted(cores, 'core')}`,
      };
    });
  const verifiedEntries = { bigger: [{ ...verified, extra: `runs: ${made}` }], smaller: [] }[better];
  const entries = [...verifiedEntries, ...figures];
  return entries.length === 0 ? undefined : `${JSON.stringify(entries, undefined, 2)}\n`;
}
