import { bytesText } from './bytes-text.ts';
import { whole } from '../../src/numbers.ts';
import { unitCosts } from './unit-costs.ts';

/** A durable group. */
export interface DurableScale {
  readonly machines: number;
  /** Of each machine. */
  readonly members: number;
  readonly partitions: number;
  /** Distinct over the whole topic. */
  readonly words: number;
  /** Partitions in which a word occurs, on average. */
  readonly spread: number;
  readonly wordBytes: number;
  readonly replicas: number;
  readonly commitIntervalMs: number;
}

export interface ComputedCost {
  readonly what: string;
  readonly value: string;
  /** The formula in words. */
  readonly from: string;
}

/** Kafka's default `min.cleanable.dirty.ratio`: half of a log may be waiting for compaction. */
const dirtyRatio = 0.5;

/** Pure. */
export function durableCosts(scale: DurableScale): readonly ComputedCost[] {
  const { machines, members, partitions, words, spread, wordBytes, replicas, commitIntervalMs } = scale;
  const { tableBytes, restoredPerSecond, recordBytes, requests, segmentBytes, tableLimitBytes, rankBytes } = unitCosts;
  const counts = words * Math.min(spread, partitions);
  const perMachine = counts / machines;
  const perPartition = counts / partitions;
  const compacted = counts * (recordBytes.value + wordBytes);
  const logBytes = compacted / (1 - dirtyRatio) + segmentBytes.value * partitions;
  const transactions = (machines * members * 1_000) / commitIntervalMs;
  const share = Math.ceil(partitions / machines / Math.max(1, machines - 1));
  const seconds = (restored: number): string =>
    `${whole(Math.max(1, Math.ceil(restored / restoredPerSecond.value)))} s`;
  return [
    { what: 'counts (a word in a partition)', value: whole(counts), from: 'words × spread' },
    {
      what: 'tables of a machine, `--standby-replicas 0`',
      value: bytesText(perMachine * tableBytes.value),
      from: 'counts ÷ machines × memory per count',
    },
    {
      what: 'tables of a machine, `--standby-replicas all`',
      value: bytesText(counts * tableBytes.value),
      from: 'counts × memory per count: each machine holds every table',
    },
    {
      what: 'changelog, one replica, compacted',
      value: bytesText(compacted),
      from: 'counts × (record + word)',
    },
    {
      what: `changelog on all brokers, at most`,
      value: bytesText(logBytes * replicas),
      from: 'half of a log may wait for compaction, and the newest segment is not compacted; × replicas',
    },
    {
      what: 'restore after the loss of a machine, `--standby-replicas 0`',
      value: seconds(share * perPartition),
      from: `its partitions spread over the others, ${share} each`,
    },
    {
      what: 'restore of a new machine, `--standby-replicas 0`',
      value: seconds(perMachine),
      from: 'counts ÷ machines; one thread of a process restores',
    },
    {
      what: 'restore of a new machine, `--standby-replicas all`',
      value: seconds(counts),
      from: 'it reads every partition',
    },
    { what: 'transactions of the group', value: `${whole(transactions)}/s`, from: 'members ÷ commit interval' },
    {
      what: 'requests to transaction and group coordinators',
      value: `${whole(transactions * requests.value)}/s`,
      from: 'transactions × requests',
    },
    {
      what: 'appends to the one partition of `__consumer_offsets` that has the group',
      value: `${whole(transactions * 2)}/s`,
      from: 'offsets and a marker per transaction',
    },
    {
      what: 'transaction markers in the changelog',
      value: `${whole((partitions * 1_000) / commitIntervalMs)}/s`,
      from: 'every partition that changes gets one per commit',
    },
    {
      what: 'counts per partition, and the limit of a table',
      value: `${whole(perPartition)} of ${whole(Math.floor(tableLimitBytes.value / tableBytes.value))}`,
      from: 'limit of one table ÷ memory per count',
    },
    {
      what: 'memory of `counts --from-changelog`',
      value: bytesText(counts * (tableBytes.value + rankBytes.value)),
      from: 'it holds every table, adds all counts and ranks them',
    },
  ];
}
