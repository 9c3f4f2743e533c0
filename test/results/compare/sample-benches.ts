import type { BenchReport } from '../../../src/results/schema.ts';
import { sampleReport, sampleRun } from '../../report/sample-report.ts';

export interface SampleBench {
  /** Relative standard deviation of a run. */
  readonly noise: number;
  /** Multiplies the rate of every run and divides its CPU time. */
  readonly factor?: number;
  readonly repetitions?: number;
  readonly members?: readonly number[];
  readonly startedAt?: string;
  readonly random: () => number;
}

/** Approximately normal, with mean 0 and standard deviation 1. */
export function normal(random: () => number): number {
  return Math.sqrt(3) * (random() + random() + random() + random() - 2);
}

export function sampleBench({
  noise,
  factor = 1,
  repetitions = 5,
  members = [1, 2, 4],
  startedAt,
  random,
}: SampleBench): BenchReport {
  const runs = Array.from({ length: repetitions }, (_, index) => index + 1).flatMap((repetition) =>
    members.map((count) =>
      sampleRun(count, repetition, {
        recordsPerSecond: 1_000 * count * factor * (1 + noise * normal(random)),
        cpuMicrosPerRecord: (2.5 / factor) * (1 + noise * normal(random)),
      }),
    ),
  );
  return sampleReport(runs, startedAt === undefined ? {} : { startedAt });
}
