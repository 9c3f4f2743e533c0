import { curvesOf } from '../../src/results/curves.ts';
import { scalingOf } from '../../src/results/scaling.ts';
import type { RunReport } from '../../src/results/report-parts.ts';
import type { BenchReport } from '../../src/results/schema.ts';

const partitions = 4;
export const sampleFacts = { partitions, seed: 1, cores: 2, workUs: 1_000, linkMbitPerSecond: undefined } as const;

/** A run in which each active member processes 1,000 records per second. */
export function sampleRun(members: number, repetition: number, overrides: Partial<RunReport> = {}): RunReport {
  const active = Math.min(members, partitions);
  const slowest = Math.ceil(partitions / active);
  const records = 20_000;
  const durationMs = (20_000 / partitions) * slowest + repetition * 10;
  return {
    lane: 'work',
    members,
    repetition,
    warmUp: false,
    startedAt: '2026-11-24T21:00:10.000Z',
    records,
    words: records * 12,
    bytes: records * 66,
    durationMs,
    joinMs: 200 + members,
    recordsPerSecond: (1_000 * records) / durationMs,
    wordsPerSecond: (12_000 * records) / durationMs,
    mibPerSecond: (66_000 * records) / durationMs / 2 ** 20,
    cpuMicrosPerRecord: 2.5,
    peakRssMib: 150 + repetition,
    refusedWrites: 0,
    rebalances: 0,
    verified: true,
    accounting: {
      produced: records,
      counted: records,
      countedTwice: [],
      lost: [],
      remainder: 0,
      refused: { alreadyCounted: 0, notOwner: 0, fencedBatches: 0 },
    },
    usage: { cpuMs: 50, brokerCpuMs: 40, machineBusyMs: 120, receivedBytes: records * 70 },
    steady: { fromMs: 100, toMs: durationMs - 100, recordsPerSecond: (1_010 * records) / durationMs },
    samples: sampleSeries(members, active, durationMs),
    perMember: Array.from({ length: members }, (_, memberId) => {
      // The last member owns the first partitions: members and partitions are in different orders.
      const rank = members - 1 - memberId;
      const owned = rank >= active ? [] : [0, 1, 2, 3].filter((partition) => partition % active === rank);
      const busyMs = 1_000 * (owned.length / partitions) * (records / 1_000) * 0.25;
      return { memberId, partitions: owned, records: (owned.length * records) / partitions, busyMs };
    }),
    ...overrides,
  };
}

/** Ten samples of a run in which all partitions are processed at the same rate. */
function sampleSeries(members: number, active: number, durationMs: number): RunReport['samples'] {
  const steps = Array.from({ length: 10 }, (_, index) => index + 1);
  const series = (records: number): number[] => steps.map((step) => (records * step) / 10);
  return {
    intervalMs: durationMs / 10,
    atMs: series(durationMs),
    recordsPerPartition: Array.from({ length: partitions }, () => series(5_000)),
    recordsPerMember: Array.from({ length: members }, (_, id) => series(id < active ? 20_000 / active : 0)),
    cpuMs: series(50),
    brokerCpuMs: series(40),
    rssMib: steps.map(() => 150),
  };
}

/** A complete report of these runs with sample data in all other fields. */
export function sampleReport(runs: readonly RunReport[], overrides: Partial<BenchReport> = {}): BenchReport {
  const runsVerified = runs.filter(({ verified }) => verified).length;
  return {
    schemaVersion: 1,
    kind: 'bench',
    status: 'complete',
    startedAt: '2026-11-24T21:00:00.000Z',
    elapsedMs: 61_000,
    environment: {
      cpu: 'Sample CPU',
      cores: 2,
      memoryMib: 24_000,
      platform: 'Linux 6.1.0 x64',
      machine: '0123456789ab',
      node: '20.20.2',
      program: '0.1.0',
      client: '1.10.1',
      librdkafka: '2.15.1',
      brokers: '2 managed brokers, Apache Kafka 4.3.1',
      brokerSource: 'managed',
      brokerSettings: { '1': { 'num.io.threads': '4' } },
    },
    workload: {
      corpus: 'Moby-Dick',
      topic: 'bench-1',
      partitions,
      records: 2_000_000,
      words: 24_000_000,
      bytes: 132_000_000,
      reference: 'generated',
    },
    settings: {
      members: [1, 2, 3, 4, 5],
      repetitions: 2,
      warmUps: 0,
      orderSeed: 1,
      groupProtocol: 'classic',
      assignmentStrategy: 'range',
      sessionTimeoutMs: 3_000,
      tokenizer: 'unicode',
      batchRecordsMax: 4_096,
      memoryMib: 128,
      commitIntervalMs: 1_000,
    },
    lanes: [
      {
        lane: 'work',
        workUs: 100,
        records: 20_000,
        words: 240_000,
        consumerProperties: { 'auto.offset.reset': 'earliest' },
      },
    ],
    runs: [...runs],
    scaling: scalingOf(runs, sampleFacts),
    curves: curvesOf(runs, sampleFacts),
    verdict: { verified: runsVerified === runs.length, runsVerified, runs: runs.length, runsPlanned: runs.length },
    ...overrides,
  };
}
