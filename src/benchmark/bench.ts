import { randomUUID } from 'node:crypto';
import type { BenchConfig } from '../config/bench.ts';
import { isThroughputLane } from '../config/lanes.ts';
import { toErrorReport } from '../errors.ts';
import { Admin } from '../kafka/kafkajs/admin.ts';
import { nowMs } from '../time/clock.ts';
import { largest } from '../statistics/extremes.ts';
import { discardGroups } from '../kafka/kafkajs/discard-groups.ts';
import { curvesOf } from '../results/curves.ts';
import { scalingOf } from '../results/scaling.ts';
import { schemaVersion, type BenchReport, type RunReport } from '../results/schema.ts';
import { markWarmUps } from '../results/warm-up-runs.ts';
import type { BenchOptions } from './bench-options.ts';
import { lanePropertiesOf, settingsOf } from './bench-settings.ts';
import type { BenchProgress } from './bench-topic.ts';
import { readEnvironment } from './environment.ts';
import { precisionOf } from './extend-plan.ts';
import { runPacedLanes, type PacedLanes } from './paced-lanes.ts';
import { throughputLanes, type Throughput } from './throughput-lanes.ts';

export interface BenchOutcome {
  readonly report: BenchReport;
  /** What ended it early; the report has the runs made until then. */
  readonly error: unknown;
}

/**
 * The whole bench: a topic, its reference, all runs of the plan, the report. What it made on brokers that go on without
 * it, a topic and groups, is deleted again.
 * @throws WordcountError when it did not come to the first run; the signal's reason
 */
export async function runBench(options: BenchOptions, progress: BenchProgress): Promise<BenchOutcome> {
  const { config } = options;
  const started = { at: new Date(), ms: nowMs() };
  const topicName = config.topic ?? `bench-${randomUUID().slice(0, 8)}`;
  const makesTopic = config.topic === undefined && config.lane.some(isThroughputLane);
  const topics = makesTopic ? [topicName] : [];
  let left: Leftovers = { topics, groupIds: [] };
  try {
    const throughput = await throughputLanes(options, topicName, progress);
    left = { topics, groupIds: throughput?.made.groupIds ?? [] };
    const paced = throughput?.made.error === undefined ? await pacedLanes(options, topicName, progress) : undefined;
    left = {
      topics: [...left.topics, ...(paced?.topics ?? [])],
      groupIds: [...left.groupIds, ...(paced?.groupIds ?? [])],
    };
    const report = await toReport(options, { throughput, paced, started, progress });
    return { report, error: throughput?.made.error ?? paced?.error };
  } finally {
    await cleanUp(options, left, progress);
  }
}

/** @returns undefined when none of them is wanted */
async function pacedLanes(
  options: BenchOptions,
  topicName: string,
  progress: BenchProgress,
): Promise<PacedLanes | undefined> {
  const { config } = options;
  if (config.lane.every(isThroughputLane)) return undefined;
  const { partitions } = config;
  return runPacedLanes({ ...options, partitions, topicName }, progress);
}

function precisionReportOf(
  { untilPrecision: wanted, lane, members }: BenchConfig,
  runs: readonly RunReport[],
): BenchReport['precision'] {
  const lanes = lane.filter(isThroughputLane);
  if (wanted === undefined || lanes.length === 0) return undefined;
  const worst = largest(lanes.flatMap((name) => members.map((count) => precisionOf(runs, name, count))));
  return { wanted, reached: worst <= wanted, ...(Number.isFinite(worst) ? { worst } : {}) };
}

async function toReport(
  { config, brokers }: BenchOptions,
  facts: {
    readonly throughput: Throughput | undefined;
    readonly paced: PacedLanes | undefined;
    /** When the bench began: for people, and on the monotonic clock. */
    readonly started: { readonly at: Date; readonly ms: number };
    readonly progress: BenchProgress;
  },
): Promise<BenchReport> {
  const { throughput, paced, started, progress } = facts;
  const runs = markWarmUps(throughput?.made.runs ?? []);
  const runsVerified = runs.filter(({ verified }) => verified).length + (paced?.runsVerified ?? 0);
  const runsMade = runs.length + (paced?.runs ?? 0);
  const runsPlanned = (throughput?.made.runsPlanned ?? 0) + (paced?.runsPlanned ?? 0);
  const error = throughput?.made.error ?? paced?.error;
  const workload = throughput?.topic.workload ?? paced?.workload;
  if (workload === undefined) throw new Error('a bench needs at least one lane');
  const environment = await readEnvironment(brokers, config.timeout);
  const curveFacts = {
    partitions: workload.partitions,
    seed: config.seed,
    workUs: config.workUs,
    cores: environment.cores,
    linkMbitPerSecond: environment.brokerSource === 'external' ? environment.linkMbitPerSecond : undefined,
  };
  const { source } = brokers.connection;
  const precision = precisionReportOf(config, runs);
  const early = progress.signal.aborted ? 'interrupted' : 'failed';
  return {
    schemaVersion,
    kind: 'bench',
    status: error === undefined ? 'complete' : early,
    startedAt: started.at.toISOString(),
    elapsedMs: nowMs() - started.ms,
    environment,
    workload,
    settings: settingsOf(config, source),
    lanes: [...(throughput?.topic.targets.values() ?? [])].map(({ lane, workUs, reference: { records, words } }) => ({
      lane,
      workUs,
      records,
      words,
      consumerProperties: lanePropertiesOf(config, source, workUs),
    })),
    runs,
    scaling: scalingOf(runs, curveFacts),
    curves: curvesOf(runs, curveFacts),
    ...(precision === undefined ? {} : { precision }),
    verdict: { verified: runsVerified === runsPlanned, runsVerified, runs: runsMade, runsPlanned },
    ...(paced?.latency === undefined ? {} : { latency: paced.latency }),
    ...(paced?.rebalance === undefined ? {} : { rebalance: paced.rebalance }),
  };
}

/** What a bench makes on brokers that outlive it. */
interface Leftovers {
  readonly topics: readonly string[];
  readonly groupIds: readonly string[];
}

/** Brokers that were started for this bench go with all that is in them. */
async function cleanUp({ config, brokers }: BenchOptions, made: Leftovers, progress: BenchProgress): Promise<void> {
  const { connection, managed } = brokers;
  if (managed !== undefined || connection.source === 'mock') return;
  const left = await discardGroups(connection, made.groupIds, config.timeout);
  if (left !== undefined) progress.warn(left);
  if (made.topics.length === 0) return;
  try {
    const admin = await Admin.connect(connection, { timeoutMs: config.timeout });
    try {
      for (const topic of made.topics) await admin.deleteTopic(topic);
    } finally {
      await admin.close();
    }
  } catch (error) {
    progress.warn(`could not delete topic ${made.topics.join(', ')}: ${toErrorReport(error).message}`);
  }
}
