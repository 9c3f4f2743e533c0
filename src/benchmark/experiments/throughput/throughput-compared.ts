import { lanes } from '../../../config/lanes.ts';
import { measures, seriesOf, type ComparedSeries } from '../../../results/compared-series.ts';
import type { LaneReport, RunReport } from '../../../results/report-parts.ts';
import type { Compared } from '../experiment.ts';
import type { ThroughputReport } from './throughput-schema.ts';

export const throughputCompared: Compared<ThroughputReport> = {
  series: ({ runs }) => lanes.flatMap((lane) => laneSeries(runs.filter((run) => run.lane === lane && !run.warmUp))),
  conditions: ({ records, words, lanes: measured }) => ({
    records: String(records),
    words: String(words),
    'service times': measured.map(({ lane, workUs }) => `${lane} ${workUs} µs`).join(', '),
    // Absent in memory, as in older reports and histories.
    ...Object.fromEntries(
      measured.flatMap(({ durable }) => (durable === undefined ? [] : [['durable', commitsText(durable)]])),
    ),
  }),
};

/** Pure: `commits every 1 s`. */
export function commitsText({ commitIntervalMs }: NonNullable<LaneReport['durable']>): string {
  return `commits every ${commitIntervalMs / 1_000} s`;
}

/**
 * A speed-up is the rate of a run divided by the rate of the smallest group in the same repetition.
 * A repetition without that run has no speed-ups.
 */
function laneSeries(runs: readonly RunReport[]): ComparedSeries[] {
  const counts = [...new Set(runs.map(({ members }) => members))].sort((a, b) => a - b);
  const base = runs.filter(({ members }) => members === counts[0]);
  const speedup = (run: RunReport): number | undefined => {
    const baseline = base.find(({ repetition }) => repetition === run.repetition);
    // The baseline's speed-up over itself is always 1.
    return baseline === undefined || baseline.members === run.members
      ? undefined
      : run.recordsPerSecond / baseline.recordsPerSecond;
  };
  return counts.flatMap((members) => {
    const own = runs.filter((run) => run.members === members);
    return seriesOf({ lane: own[0]?.lane ?? '', members }, own, [
      { measure: measures.recordsPerSecond, valueOf: ({ recordsPerSecond }) => recordsPerSecond },
      { measure: measures.cpuMicrosPerRecord, valueOf: ({ cpuMicrosPerRecord }) => cpuMicrosPerRecord },
      { measure: measures.speedup, valueOf: speedup },
    ]);
  });
}
