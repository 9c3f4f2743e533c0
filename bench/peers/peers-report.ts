import { largest } from '../../src/statistics/extremes.ts';
import { median, medianInterval, samplesOf } from '../../src/statistics/statistics.ts';
import type { readMachine } from '../../src/benchmark/environment.ts';
import type { ChosenRow, PeerGoals } from './goals.ts';
import type { Peer, PeerLane, PeerSettings } from './peer.ts';
import type { PeerSample } from './samples.ts';

/** Statistics of repeated measurements. */
export interface Spread {
  readonly median: number;
  /** Lower and upper end. */
  readonly ci95: readonly [number, number];
  /**
   * Coverage of the interval: below 0.95 with fewer than six repetitions, because it is the whole
   * range then.
   */
  readonly coverage: number;
}

export interface PeerRow {
  readonly name: string;
  readonly title: string;
  readonly lane: PeerLane;
  readonly members: number;
  /** Null when all runs failed. */
  readonly recordsPerSecond: Spread | null;
  /** User and system time of the whole process while the clock ran; median. */
  readonly cpuMicrosPerRecord: number | null;
  /** Resident memory of the whole process; maximum of the runs. */
  readonly peakRssMib: number | null;
  /** True when all runs were exact: records, bytes and, when counting, every word. */
  readonly verified: boolean;
  readonly failures: readonly string[];
  readonly settings: PeerSettings;
}

export interface PeerRatio {
  readonly name: string;
  readonly ours: string;
  readonly peer: string;
  /** Median of the ratios within each repetition. */
  readonly median: number;
  readonly ci95: readonly [number, number];
  readonly coverage: number;
  readonly atLeast: number;
  readonly reached: boolean;
}

export interface PeerBound {
  readonly name: string;
  readonly row: string;
  readonly value: number;
  readonly atMost: number;
  readonly reached: boolean;
}

export interface PeersReport {
  readonly schemaVersion: 1;
  readonly environment: ReturnType<typeof readMachine>;
  readonly workload: {
    readonly corpus: string;
    readonly records: number;
    readonly bytes: number;
    readonly partitions: number;
  };
  readonly seed: number;
  readonly repetitions: number;
  /** True when the bench was interrupted: the rows contain the runs until then. */
  readonly partial: boolean;
  readonly rows: readonly PeerRow[];
  readonly ratios: readonly PeerRatio[];
  readonly bounds: readonly PeerBound[];
  readonly skipped: readonly { readonly name: string; readonly why: string }[];
  /** Runs in the order of their execution, without the warm-ups. */
  readonly runs: readonly {
    readonly name: string;
    readonly repetition: number;
    readonly verified: boolean;
    readonly durationMs?: number;
    readonly recordsPerSecond?: number;
    readonly cpuMicrosPerRecord?: number;
    readonly peakRssMib?: number;
  }[];
}

/**
 * Summarizes samples. Pure.
 * @param samples - measured repetitions and warm-ups; only the exactness of warm-ups counts
 */
export function summarize(
  facts: Omit<PeersReport, 'schemaVersion' | 'rows' | 'ratios' | 'bounds' | 'runs'>,
  peers: readonly Peer[],
  samples: readonly PeerSample[],
  goals: PeerGoals,
): PeersReport {
  const rows = peers.map((peer) =>
    toRow(
      peer,
      samples.filter(({ name }) => name === peer.name),
    ),
  );
  const measured = samples.filter(({ repetition }) => repetition > 0);
  return {
    schemaVersion: 1,
    ...facts,
    rows,
    ratios: toRatios(rows, measured, goals.ratios),
    bounds: toBounds(rows, goals.bounds),
    runs: measured.map((sample) => ({
      name: sample.name,
      repetition: sample.repetition,
      verified: isExact(sample),
      ...figures(sample),
    })),
  };
}

function toRow(peer: Peer, samples: readonly PeerSample[]): PeerRow {
  const ended = samples.filter(({ repetition }) => repetition > 0).flatMap((sample) => figures(sample) ?? []);
  const values = (name: keyof Figures): number[] => ended.map((figure) => figure[name]);
  const { name, title, lane, members, settings } = peer;
  return {
    name,
    title,
    lane,
    members,
    recordsPerSecond: ended.length === 0 ? null : spread(values('recordsPerSecond')),
    cpuMicrosPerRecord: ended.length === 0 ? null : median(samplesOf(values('cpuMicrosPerRecord'))),
    peakRssMib: ended.length === 0 ? null : largest(values('peakRssMib')),
    verified: ended.length > 0 && samples.every(isExact),
    failures: samples.flatMap(({ repetition, differences }) =>
      differences.map((line) => `${repetition === 0 ? 'warm-up' : `repetition ${repetition}`}: ${line}`),
    ),
    settings,
  };
}

type Figures = Readonly<Record<'durationMs' | 'recordsPerSecond' | 'cpuMicrosPerRecord' | 'peakRssMib', number>>;

function figures({ run }: PeerSample): Figures | undefined {
  if (run === undefined || !(run.durationMs > 0) || run.records === 0) return undefined;
  return {
    durationMs: run.durationMs,
    recordsPerSecond: (run.records / run.durationMs) * 1_000,
    cpuMicrosPerRecord: (run.cpuMs * 1_000) / run.records,
    peakRssMib: run.peakRssBytes / 2 ** 20,
  };
}

function isExact({ run, differences }: PeerSample): boolean {
  return run !== undefined && differences.length === 0;
}

function spread(values: readonly number[]): Spread {
  const samples = samplesOf(values);
  const { low, high, coverage } = medianInterval(samples);
  return { median: median(samples), ci95: [low, high], coverage };
}

function toRatios(rows: readonly PeerRow[], samples: readonly PeerSample[], goals: PeerGoals['ratios']): PeerRatio[] {
  return goals.flatMap(({ name, ours, peer, atLeast }) => {
    const row = chosenRow(rows, ours);
    const other = chosenRow(rows, peer);
    if (row === undefined || other === undefined) return [];
    const pairs = pairwise(samples, row.name, other.name);
    if (pairs.length === 0) return [];
    const ratios = spread(pairs);
    return [{ name, ours: row.name, peer: other.name, ...ratios, atLeast, reached: ratios.median >= atLeast }];
  });
}

/** Ratios of the two rows' rates within each repetition in which both were exact. */
function pairwise(samples: readonly PeerSample[], ours: string, peer: string): number[] {
  const rates = (name: string): Map<number, number> =>
    new Map(
      samples
        .filter((sample) => sample.name === name && isExact(sample))
        .flatMap((sample) => {
          const rate = figures(sample)?.recordsPerSecond;
          return rate === undefined ? [] : [[sample.repetition, rate] as const];
        }),
    );
  const peerRates = rates(peer);
  return [...rates(ours)].flatMap(([repetition, rate]) => {
    const peerRate = peerRates.get(repetition);
    return peerRate === undefined ? [] : [rate / peerRate];
  });
}

function toBounds(rows: readonly PeerRow[], goals: PeerGoals['bounds']): PeerBound[] {
  return goals.flatMap(({ name, measure, ours, atMost }) => {
    const row = chosenRow(rows, ours);
    const value = row?.[measure];
    if (row === undefined || value === undefined || value === null) return [];
    return [{ name, row: row.name, value, atMost, reached: value <= atMost }];
  });
}

function chosenRow(rows: readonly PeerRow[], choice: ChosenRow): PeerRow | undefined {
  if ('row' in choice) return rows.find(({ name }) => name === choice.row);
  const rate = (row: PeerRow): number => row.recordsPerSecond?.median ?? 0;
  const candidates = rows.filter(({ name, verified }) => name.startsWith(choice.best) && verified);
  return [...candidates].sort((a, b) => rate(b) - rate(a))[0];
}
