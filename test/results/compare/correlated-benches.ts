import type { AbSample } from '../../../src/results/compare/compare-ab.ts';
import type { BenchReport } from '../../../src/results/schema.ts';
import { sampleReport, sampleRun } from '../../report/sample-report.ts';
import { normal } from './sample-benches.ts';

export interface CorrelatedNoise {
  /** Relative standard deviation that the runs of a repetition or members of a process share. */
  readonly shared: number;
  /** Additional relative standard deviation of each run. */
  readonly own: number;
  /** Relative slowdown of side b of the pairs, or of all numbers of members above 1 of a report. */
  readonly slower?: number;
  readonly random: () => number;
}

/** A report in which the runs of a repetition share noise, as do the metrics of each run. */
export function correlatedReport(repetitions: number, noise: CorrelatedNoise): BenchReport {
  const { shared, own, slower = 0, random } = noise;
  const runs = Array.from({ length: repetitions }, (_, index) => index + 1).flatMap((repetition) => {
    const common = shared * normal(random);
    return [1, 2, 4].map((members) => {
      const cost = Math.exp(common + own * normal(random)) * (members > 1 ? 1 + slower : 1);
      return sampleRun(members, repetition, {
        recordsPerSecond: (1_000 * members) / cost,
        cpuMicrosPerRecord: 2.5 * cost * Math.exp(own * normal(random)),
      });
    });
  });
  return sampleReport(runs);
}

/** Pairs of processes. All samples of a process, of both metrics, share its noise. */
export function correlatedPairs(pairs: number, noise: CorrelatedNoise): AbSample[] {
  const { shared, own, slower = 0, random } = noise;
  return Array.from({ length: pairs }, (_, index) => index + 1).flatMap((pair) =>
    (['a', 'b'] as const).flatMap((side) => {
      const common = shared * normal(random);
      return [1, 4].map((members): AbSample => {
        const cost = Math.exp(common + own * normal(random)) * (side === 'b' ? 1 + slower : 1);
        const cpuMicrosPerRecord = cost * Math.exp(own * normal(random));
        return { side, pair, lane: 'drain', members, recordsPerSecond: 1e6 / cost, cpuMicrosPerRecord };
      });
    }),
  );
}
