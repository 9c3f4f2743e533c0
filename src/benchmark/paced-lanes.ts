import { traitsOf } from '../brokers/kafka-version.ts';
import { createTopic } from '../kafka/kafkajs/create-topic.ts';
import type { LatencyReport } from './experiments/latency/latency-schema.ts';
import {
  rebalanceProtocols,
  type RebalanceProtocol,
  type RebalanceReport,
} from './experiments/rebalance/rebalance-schema.ts';
import type { BenchReport } from '../results/schema.ts';
import { describeWorkload } from '../workload/workload.ts';
import type { BenchOptions } from './bench-options.ts';
import { groupOf } from './bench-settings.ts';
import type { BenchProgress } from './bench-topic.ts';
import { runLatencyLane, type LatencyLaneMade } from './experiments/latency/run/latency-lane.ts';
import { runRebalanceLane, type RebalanceLaneMade } from './experiments/rebalance/run/rebalance-lane.ts';

export interface PacedOptions extends BenchOptions {
  readonly partitions: number;
  /** Begins the names of the lanes' topics. */
  readonly topicName: string;
}

/** What the lanes with a schedule have made. */
export interface PacedLanes {
  readonly latency?: LatencyReport;
  readonly rebalance?: RebalanceReport;
  /** To be deleted. */
  readonly topics: readonly string[];
  readonly groupIds: readonly string[];
  readonly runs: number;
  readonly runsVerified: number;
  readonly runsPlanned: number;
  /** For a report that has no other. */
  readonly workload: BenchReport['workload'];
  /** What ended them early. */
  readonly error: unknown;
}

/** The lanes that produce while they measure, each on a topic of its own. */
export async function runPacedLanes(options: PacedOptions, progress: BenchProgress): Promise<PacedLanes> {
  const { config } = options;
  const latency = config.lane.includes('latency') ? await latencyLane(options, progress) : undefined;
  const goesOn = latency?.error === undefined && config.lane.includes('rebalance');
  const rebalance = goesOn ? await rebalanceLane(options, progress) : undefined;
  const runs = latency?.report.runs ?? [];
  return {
    ...(latency === undefined ? {} : { latency: latency.report }),
    ...(rebalance === undefined ? {} : { rebalance: rebalance.report }),
    topics: [
      ...(latency === undefined ? [] : [topicOf(options, 'latency')]),
      ...(rebalance === undefined ? [] : [topicOf(options, 'rebalance')]),
    ],
    groupIds: [...(latency?.groupIds ?? []), ...(rebalance?.groupIds ?? [])],
    runs: runs.length + (rebalance?.runs ?? 0),
    runsVerified: runs.filter(({ verified }) => verified).length + (rebalance?.runsVerified ?? 0),
    runsPlanned: (latency?.runsPlanned ?? 0) + (rebalance?.runsPlanned ?? 0),
    workload: workloadOf(options, latency, rebalance),
    error: latency?.error ?? rebalance?.error,
  };
}

function workloadOf(
  options: PacedOptions,
  latency: LatencyLaneMade | undefined,
  rebalance: RebalanceLaneMade | undefined,
): BenchReport['workload'] {
  const runs = latency?.report.runs ?? [];
  const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);
  return {
    corpus: describeWorkload(options.workload),
    topic: topicOf(options, latency === undefined ? 'rebalance' : 'latency'),
    partitions: options.partitions,
    records: sum(runs.map(({ records }) => records)) + (rebalance?.records ?? 0),
    words: sum(runs.map(({ words }) => words)) + (rebalance?.words ?? 0),
    reference: 'generated',
  };
}

async function rebalanceLane(options: PacedOptions, progress: BenchProgress): Promise<RebalanceLaneMade> {
  const { config, workload, brokers, partitions } = options;
  const { connection } = brokers;
  const { replicationFactor, repetitions, timeout: timeoutMs } = config;
  const topic = topicOf(options, 'rebalance');
  await createTopic({ connection, topic, partitions, replicationFactor, timeoutMs });
  const ratePerSecond = config.rate;
  const group = groupOf(config, connection.source);
  const protocols = possibleProtocols(brokers, progress);
  return runRebalanceLane(
    { connection, topic, partitions, workload, group, protocols, repetitions, ratePerSecond, timeoutMs },
    progress,
  );
}

/** Without those whose groups this version of Kafka cannot run. */
function possibleProtocols({ kafka }: PacedOptions['brokers'], progress: BenchProgress): readonly RebalanceProtocol[] {
  if (kafka === undefined || traitsOf(kafka.version).consumerProtocol) return rebalanceProtocols;
  progress.log(`rebalance, without protocol consumer: Kafka ${kafka.version} does not support it`);
  return rebalanceProtocols.filter((name) => name !== 'consumer');
}

async function latencyLane(options: PacedOptions, progress: BenchProgress): Promise<LatencyLaneMade> {
  const { config, workload, brokers, partitions } = options;
  const { connection } = brokers;
  const { replicationFactor, members, repetitions, timeout: timeoutMs } = config;
  const topic = topicOf(options, 'latency');
  await createTopic({ connection, topic, partitions, replicationFactor, timeoutMs });
  const lane = {
    connection,
    topic,
    partitions,
    workload,
    group: groupOf(config, connection.source),
    members,
    repetitions,
    warmUps: config.warmUp,
    ratePerSecond: config.rate,
    durationMs: config.duration,
    p99MsBound: config.findCapacity ? config.p99Ms : undefined,
    timeoutMs,
  };
  return runLatencyLane(lane, progress);
}

function topicOf({ topicName }: PacedOptions, lane: 'latency' | 'rebalance'): string {
  return `${topicName}-${lane}`;
}
