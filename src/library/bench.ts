import { runBench } from '../benchmark/bench.ts';
import { experimentsOf } from '../benchmark/run-experiments.ts';
import { whileServing } from '../brokers/while-serving.ts';
import { benchConfig, experimentConfig } from '../config/bench.ts';
import { lanes as allLanes } from '../config/lanes.ts';
import type { BenchReport } from '../results/schema.ts';
import { chooseWorkload } from '../workload/choose-workload.ts';
import { groupFlags } from './group-flags.ts';
import type { GroupSettings } from './group.ts';
import { openOwnBrokers, type OwnBrokersOptions } from './own-brokers.ts';
import { workloadFlags, type RecordContents } from './record-source.ts';
import { requireCount, requireOneOf } from './require-valid.ts';
import { timeoutMsByDefault } from './used-brokers.ts';

/** What {@link bench} measures. Every option has a default. */
export interface BenchmarkOptions extends OwnBrokersOptions, RecordContents, GroupSettings {
  /** An existing topic, measured as it is. Default: a new topic, deleted at the end. */
  readonly topic?: string;
  /** Partitions of the new topic, 1 to 1,000. Default: 4. */
  readonly partitions?: number;
  /**
   * Records of the new topic, from 1; the contents repeat as often as needed. Default: 2,000,000, or
   * with `input` each line once.
   */
  readonly records?: number;
  /** `drain`: as fast as possible; `work`: each record costs `workUs`. Default: both. */
  readonly lanes?: readonly ('drain' | 'work')[];
  /** Numbers of members to measure, each 1 to 64. Default: 1 to 5. */
  readonly members?: readonly number[];
  /** Runs of each lane and number of members, 1 to 1,000. Default: 3. */
  readonly repetitions?: number;
  /** Runs before the measured ones, 0 to 100. Default: 1. */
  readonly warmUps?: number;
  /** Lane `work`: service time of each record, 1 to 1,000,000 microseconds. Default: 100. */
  readonly workUs?: number;
  /** Seed of the order of the runs, 0 to 2^32 - 1. Default: 1. */
  readonly orderSeed?: number;
  /** Ends the bench early; it then rejects, and what it created is deleted. */
  readonly signal?: AbortSignal;
  /** Receives a line per step and run, and errors from which a member recovers. */
  readonly onProgress?: (line: string) => void;
}

/**
 * Measures how the throughput of a consumer group grows with its members, and compares every word of
 * every run with an independent reference.
 * @returns the report that `consumer-cluster bench --json` writes. Runs with wrong counts are in it:
 *   `verdict.verified` is then false.
 * @throws {@link ClusterError} `environment` when brokers can't be started or end, `brokerUnavailable`,
 *   `topicUnavailable`, `accessDenied`, `input`, `limit`, `memberFailed` or `timeout` when a run can't
 *   be made; `usage` for invalid options; the signal's reason when it is aborted
 */
export async function bench(options: BenchmarkOptions = {}): Promise<BenchReport> {
  const { signal = new AbortController().signal, onProgress = () => undefined } = options;
  const config = configOf(options);
  signal.throwIfAborted();
  const workload = await chooseWorkload(config);
  const brokers = await openOwnBrokers(options, { signal, log: onProgress });
  try {
    const progress = { log: onProgress, notice: onProgress, warn: onProgress, live: () => undefined };
    const run = { config, workload, brokers, experiments: experimentsOf(config) };
    const { report, error } = await whileServing(
      brokers,
      (ended) => runBench(run, { ...progress, signal: ended }),
      signal,
    );
    if (error !== undefined) throw error as Error;
    return report;
  } finally {
    await brokers.close();
  }
}

/** The options as the command has them. */
function configOf(options: BenchmarkOptions) {
  const { lanes = allLanes, members = [1, 2, 3, 4, 5], repetitions = 3, topic, partitions, records } = options;
  const { warmUps, workUs, orderSeed } = options;
  for (const lane of lanes) requireOneOf('lanes', lane, allLanes);
  for (const count of members) requireCount('members', count, { min: 1, max: 64 });
  requireCount('repetitions', repetitions, { min: 1, max: 1_000 });
  if (partitions !== undefined) requireCount('partitions', partitions, { min: 1, max: 1_000 });
  if (records !== undefined) requireCount('records', records, { min: 1, max: 1e12 });
  if (warmUps !== undefined) requireCount('warmUps', warmUps, { min: 0, max: 100 });
  if (workUs !== undefined) requireCount('workUs', workUs, { min: 1, max: 1_000_000 });
  if (orderSeed !== undefined) requireCount('orderSeed', orderSeed, { min: 0, max: 2 ** 32 - 1 });
  const given = {
    ...groupFlags(options),
    ...workloadFlags(options),
    ...(topic === undefined ? {} : { topic }),
    ...(partitions === undefined ? {} : { partitions }),
    ...(records === undefined ? {} : { numRecords: records }),
    ...(warmUps === undefined ? {} : { warmUp: warmUps }),
    ...(workUs === undefined ? {} : { workUs }),
    ...(orderSeed === undefined ? {} : { seed: orderSeed }),
    timeout: options.timeoutMs ?? timeoutMsByDefault,
  };
  return benchConfig({ ...experimentConfig(given, { members, repetitions }), lane: lanes });
}
