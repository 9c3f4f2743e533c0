import type { z } from 'zod';
import type { ExperimentId, experiments } from '../../src/benchmark/experiments/all-experiments.ts';
import type { ThroughputReport } from '../../src/benchmark/experiments/throughput/throughput-schema.ts';
import { variantRows } from '../../src/benchmark/experiments/variant-rows.ts';
import type { VariantsReport, VariantRun, ReportedVariant } from '../../src/benchmark/experiments/variants-report.ts';
import type { LatencyReport } from '../../src/benchmark/experiments/latency/latency-schema.ts';
import type { RebalanceReport } from '../../src/benchmark/experiments/rebalance/rebalance-schema.ts';
import { latencySection, rebalanceSection } from '../browser/paced-sections.ts';
import { sampleReport, sampleRun } from '../report/sample-report.ts';

function sweepRun(variant: number, repetition: number, recordsPerSecond: number): VariantRun {
  const { warmUp, startedAt, records, words, joinMs, mibPerSecond, cpuMicrosPerRecord } = sampleRun(2, repetition);
  return {
    ...{ variant, repetition, warmUp, startedAt, records, words, joinMs, mibPerSecond, cpuMicrosPerRecord },
    ...{ recordsPerSecond, durationMs: (1_000 * records) / recordsPerSecond },
    ...{ peakRssMib: 150, rebalances: 0, verified: true },
  };
}

/** A sweep of two variants, the second twice as fast as the first. */
export function sweepSection({ factor = 1, members = 2 } = {}): VariantsReport {
  const variants = ['1', '65536'].map((bytes): ReportedVariant => {
    const properties = { 'fetch.min.bytes': bytes };
    const group = { groupProtocol: 'classic', assignmentStrategy: 'range' } as const;
    return { label: `fetch.min.bytes=${bytes}`, members, ...group, properties };
  });
  const rates = [1_000, 2_100, 1_900, 1_000].map((rate) => factor * rate);
  const runs = rates.map((rate, index) => sweepRun(index === 0 || index === 3 ? 0 : 1, index < 2 ? 1 : 2, rate));
  const warmUp = { ...sweepRun(0, 0, 10), warmUp: true };
  const rows = variantRows(variants, [warmUp, ...runs]);
  return { records: 20_000, partitions: 4, workUs: 0, variants, rows, runs: [warmUp, ...runs] };
}

/** Lane work with up to four members, each of which takes its service time times a factor. */
function throughputSection(factor: number): ThroughputReport {
  const runs = [1, 2, 3].flatMap((repetition) =>
    [1, 2, 4].map((members) => {
      const run = sampleRun(members, repetition);
      return { ...run, recordsPerSecond: run.recordsPerSecond / factor };
    }),
  );
  const { lanes, scaling, curves, workload } = sampleReport(runs);
  const { partitions, records, words } = workload;
  return { lanes, runs, scaling, curves, partitions, records, words };
}

/** A rebalance section whose runs contain the changes, as since version 0.2. */
function rebalanceWithChanges(factor: number): RebalanceReport {
  const section = rebalanceSection();
  const protocols = [...new Set(section.rows.map(({ protocol }) => protocol))];
  const runs = [1, 2, 3].flatMap((repetition) =>
    protocols.map((protocol) => ({
      ...{ protocol, repetition, durationMs: 20_000, verified: true },
      changes: section.rows
        .filter((row) => row.protocol === protocol)
        .map(({ cause, settleMs, gapsMs }) => ({ cause, settleMs: factor * settleMs, gapMs: factor * gapsMs.p50 })),
    })),
  );
  return { ...section, runs };
}

/** The same latency section with percentiles that are greater by a factor. */
function slowerLatency(factor: number): LatencyReport {
  const section = latencySection();
  const runs = section.runs.map((run) => {
    const { p50, p99 } = run.correctedMs;
    return { ...run, correctedMs: { ...run.correctedMs, p50: factor * p50, p99: factor * p99 } };
  });
  return { ...section, runs };
}

interface Sample<Section> {
  readonly section: Section;
  /** The same measurement with values that are worse by much more than their noise. */
  readonly slower: Section;
  /** A measurement under another condition, and the name of the condition. */
  readonly changed: Section;
  readonly condition: string;
}

/** Plausible report sections of each experiment. */
export const samples: { readonly [Id in ExperimentId]: Sample<z.infer<(typeof experiments)[Id]['section']>> } = {
  throughput: {
    section: throughputSection(1),
    slower: throughputSection(3),
    changed: { ...throughputSection(1), words: 5 },
    condition: 'words',
  },
  latency: {
    section: latencySection(),
    slower: slowerLatency(3),
    changed: { ...latencySection(), ratePerSecond: 8_000 },
    condition: 'rate',
  },
  rebalance: {
    section: rebalanceWithChanges(1),
    slower: rebalanceWithChanges(3),
    changed: { ...rebalanceWithChanges(1), sessionTimeoutMs: 45_000 },
    condition: 'session timeout',
  },
  sweep: {
    section: sweepSection(),
    slower: sweepSection({ factor: 1 / 3 }),
    changed: sweepSection({ members: 3 }),
    condition: 'members',
  },
};
