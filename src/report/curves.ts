import { lanes } from '../config/lanes.ts';
import { fitScalability } from '../metrics/universal-scalability.ts';
import type { BenchReport, RunReport } from './schema.ts';

/**
 * Members that work at once, in effect: with whole partitions to share, those with most of them set the pace.
 * 3 members of 4 partitions are as good as 2.
 */
export function effectiveMembers(members: number, partitions: number): number {
  return partitions / Math.ceil(partitions / Math.min(members, partitions));
}

/** Pure: the Universal Scalability Law fitted to each lane that has three different loads; warm-ups left out. */
export function curvesOf(
  runs: readonly RunReport[],
  { partitions, seed }: { readonly partitions: number; readonly seed: number },
): BenchReport['curves'] {
  return lanes.flatMap((lane) => {
    const measured = runs.filter((run) => run.lane === lane && !run.warmUp);
    const points = [...new Set(measured.map(({ members }) => members))].map((members) => ({
      load: effectiveMembers(members, partitions),
      rates: measured.filter((run) => run.members === members).map(({ recordsPerSecond }) => recordsPerSecond),
    }));
    const fit = fitScalability(points, seed);
    if (fit === undefined) return [];
    const { rate, contention, coherency, peakLoad, rSquared, intervals } = fit;
    return [
      {
        lane,
        recordsPerSecond: rate,
        contention,
        coherency,
        ...(peakLoad === undefined ? {} : { peakLoad }),
        rSquared,
        intervals: {
          recordsPerSecond: [...intervals.rate],
          contention: [...intervals.contention],
          coherency: [...intervals.coherency],
        },
      },
    ];
  });
}
