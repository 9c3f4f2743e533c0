import { sectionsIn } from '../../results/report-sections.ts';
import { isSupported } from '../../results/intervals.ts';
import { metricsOfMembers, type Metric } from '../../results/metrics.ts';
import type { ScalingReport } from '../../results/report-parts.ts';
import type { BenchReport } from '../../results/schema.ts';

/** Pure: the metrics of every scaling point and of every experiment. */
export function metricsOf(report: BenchReport): Metric[] {
  return [
    ...report.scaling.flatMap(ofScaling),
    ...sectionsIn(report).flatMap(({ experiment, section }) => experiment.metrics(section)),
  ];
}

/** Display name of a metric, for example `drain, 4 members: records per second`. */
export function nameOf({ subject, measure }: Metric): string {
  return `${subject}: ${measure}`;
}

function ofScaling(point: ScalingReport): Metric[] {
  const { intervals } = point;
  // Omits bounds that alerts must not depend on: the range of a few runs, and the speed-up of the
  // baseline over itself.
  const bounds = (name: keyof typeof intervals): Pick<Metric, 'low' | 'high'> => {
    const { low, high } = intervals[name];
    const isItself = name === 'speedup' && point.members === point.baselineMembers;
    return isSupported(intervals[name]) && !isItself ? { low, high } : {};
  };
  return metricsOfMembers(point.lane, point, [
    { measure: 'records per second', value: point.recordsPerSecond, ...bounds('recordsPerSecond') },
    { measure: 'speed-up', value: point.speedup, ...bounds('speedup') },
    { measure: 'CPU time per record', value: point.cpuMicrosPerRecord, ...bounds('cpuMicrosPerRecord') },
    { measure: 'peak memory', value: point.peakRssMib },
    { measure: 'join time', value: point.joinMs },
  ]);
}
