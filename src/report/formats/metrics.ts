import { sectionsIn } from '../../results/report-sections.ts';
import type { Metric } from '../../results/metrics.ts';
import type { BenchReport } from '../../results/schema.ts';

/** Pure: the metrics of every experiment. */
export function metricsOf(report: BenchReport): Metric[] {
  return sectionsIn(report).flatMap(({ experiment, section }) => experiment.metrics(section));
}

/** Display name of a metric, for example `drain, 4 members: records per second`. */
export function nameOf({ subject, measure }: Metric): string {
  return `${subject}: ${measure}`;
}
