import { lanes, type Lane } from '../config/lanes.ts';
import { median, samplesOf, type Samples } from '../metrics/statistics.ts';
import type { BenchReport } from '../report/schema.ts';
import type { MeasureName } from './comparison.ts';

/** One point of a curve: the samples of its measured runs, in the order of repetitions. */
export interface PointSamples {
  readonly lane: Lane;
  readonly members: number;
  readonly samples: Samples;
}

/** Pure: every point that has this measure. A speed-up is a run's rate over that of the baseline in the same repetition. */
export function pointsOf(report: Pick<BenchReport, 'runs'>, measure: MeasureName): PointSamples[] {
  return lanes.flatMap((lane) => {
    const runs = report.runs
      .filter((run) => run.lane === lane && !run.warmUp)
      .sort((a, b) => a.repetition - b.repetition);
    const counts = [...new Set(runs.map(({ members }) => members))].sort((a, b) => a - b);
    const [baseline] = counts;
    const base = runs.filter(({ members }) => members === baseline);
    return counts.flatMap((members) => {
      const own = runs.filter((run) => run.members === members);
      if (measure !== 'speedup') return [{ lane, members, samples: samplesOf(own.map((run) => run[measure])) }];
      // Against itself the baseline is 1, and says nothing.
      if (members === baseline) return [];
      const middle = median(samplesOf(base.map(({ recordsPerSecond }) => recordsPerSecond)));
      const ratios = own.map(({ repetition, recordsPerSecond }) => {
        const partner = base.find((run) => run.repetition === repetition)?.recordsPerSecond ?? middle;
        return recordsPerSecond / partner;
      });
      return [{ lane, members, samples: samplesOf(ratios) }];
    });
  });
}

/** Pure: logarithms, so that a difference is a ratio. @param samples - above 0 */
export function logarithms(samples: Samples): Samples {
  return samplesOf(samples.map(Math.log));
}
