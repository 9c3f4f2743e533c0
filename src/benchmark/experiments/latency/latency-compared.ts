import { seriesOf } from '../../../results/compared-series.ts';
import type { Compared } from '../experiment.ts';
import type { LatencyReport } from './latency-schema.ts';
import { supportedPercentiles } from './percentile-support.ts';

const milliseconds = { better: 'smaller', unit: 'ms' } as const;

/**
 * Percentiles from the scheduled time to the count, at the given rate. A capacity search has one
 * result per report, so it is not compared.
 */
export const latencyCompared: Compared<LatencyReport> = {
  series: ({ points, runs }) =>
    points.flatMap(({ members }) =>
      seriesOf(
        { lane: 'latency', members },
        runs.filter((run) => run.members === members && run.repetition > 0),
        (['p50', 'p99'] as const).map((percentile) => ({
          measure: { name: `${percentile}Ms`, ...milliseconds },
          valueOf: ({ correctedMs }) => supportedPercentiles(correctedMs)[percentile],
        })),
      ),
    ),
  conditions: ({ ratePerSecond, durationMs }) => ({
    rate: `${ratePerSecond} records/s`,
    duration: `${durationMs} ms`,
  }),
};
