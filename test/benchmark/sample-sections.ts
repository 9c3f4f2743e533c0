import type { ExperimentId } from '../../src/benchmark/experiments/all-experiments.ts';
import { sweepRows } from '../../src/benchmark/experiments/sweep/sweep-rows.ts';
import type { SweepReport, SweepRun, SweepVariant } from '../../src/benchmark/experiments/sweep/sweep-schema.ts';
import type { BenchReport } from '../../src/results/schema.ts';
import { latencySection, rebalanceSection } from '../browser/paced-sections.ts';
import { sampleRun } from '../report/sample-report.ts';

type Sections = { readonly [Id in ExperimentId]: NonNullable<BenchReport[Id]> };

function sweepRun(variant: number, repetition: number, recordsPerSecond: number): SweepRun {
  const { warmUp, startedAt, records, words, joinMs, mibPerSecond, cpuMicrosPerRecord } = sampleRun(2, repetition);
  return {
    ...{ variant, repetition, warmUp, startedAt, records, words, joinMs, mibPerSecond, cpuMicrosPerRecord },
    ...{ recordsPerSecond, durationMs: (1_000 * records) / recordsPerSecond },
    ...{ peakRssMib: 150, rebalances: 0, verified: true },
  };
}

/** A sweep of two variants, the second twice as fast as the first. */
export function sweepSection(): SweepReport {
  const variants = ['1', '65536'].map((bytes): SweepVariant => {
    const properties = { 'fetch.min.bytes': bytes };
    const group = { groupProtocol: 'classic', assignmentStrategy: 'range' } as const;
    return { label: `fetch.min.bytes=${bytes}`, members: 2, ...group, properties };
  });
  const runs = [sweepRun(0, 1, 1_000), sweepRun(1, 1, 2_100), sweepRun(1, 2, 1_900), sweepRun(0, 2, 1_000)];
  const warmUp = { ...sweepRun(0, 0, 10), warmUp: true };
  const rows = sweepRows(variants, [warmUp, ...runs]);
  return { records: 20_000, partitions: 4, workUs: 0, variants, rows, runs: [warmUp, ...runs] };
}

/** A plausible report section for each experiment. */
export const sampleSections: Sections = {
  latency: latencySection(),
  rebalance: {
    ...rebalanceSection(),
    runs: [1, 2].map((repetition) => ({ protocol: 'range', repetition, verified: true })),
  },
  sweep: sweepSection(),
};
