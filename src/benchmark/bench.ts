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
import type { RunReport } from '../results/report-parts.ts';
import { schemaVersion, type BenchReport } from '../results/schema.ts';
import { markWarmUps } from '../results/warm-up-runs.ts';
import type { BenchOptions } from './bench-options.ts';
import { lanePropertiesOf, settingsOf } from './bench-settings.ts';
import type { BenchProgress } from './bench-topic.ts';
import { readEnvironment } from './environment.ts';
import { precisionOf } from './extend-plan.ts';
import { nothingMade, runExperiments, type ExperimentsMade, type SelectedExperiment } from './run-experiments.ts';
import { throughputLanes, type Throughput } from './throughput-lanes.ts';

export interface BenchRun extends BenchOptions {
  /** Experiments, run after the lanes in this order. */
  readonly experiments: readonly SelectedExperiment[];
}

export interface BenchOutcome {
  readonly report: BenchReport;
  /** The error that ended the bench early, if any; the report contains the runs made until then. */
  readonly error: unknown;
}

/** Topics and groups that the bench created and that may outlive it on the brokers. */
export interface Leftovers {
  readonly topics: string[];
  readonly groupIds: string[];
}

/**
 * Runs a whole bench: lanes and experiments, verified, as one report. At the end it deletes the
 * topics and groups that it created, unless the brokers are deleted anyway.
 * @throws ClusterError when it fails before the first run; the signal's reason
 */
export async function runBench(options: BenchRun, progress: BenchProgress): Promise<BenchOutcome> {
  const { config, experiments: selected } = options;
  const started = { at: new Date(), ms: nowMs() };
  const topicName = config.topic ?? `bench-${randomUUID().slice(0, 8)}`;
  const left: Leftovers = { topics: [], groupIds: [] };
  if (config.topic === undefined && config.lane.some(isThroughputLane)) left.topics.push(topicName);
  try {
    const throughput = await throughputLanes(options, topicName, progress);
    for (const groupId of throughput?.made.groupIds ?? []) left.groupIds.push(groupId);
    const made =
      throughput?.made.error === undefined
        ? await runExperiments(options, { selected, topicName, left }, progress)
        : nothingMade;
    const report = await toReport(options, { throughput, made, started, progress });
    return { report, error: throughput?.made.error ?? made.error };
  } finally {
    await cleanUp(options, left, progress);
  }
}

/** The precision of the lanes' medians, and whether it satisfies --until-precision. */
function precisionFacts(
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
    readonly made: ExperimentsMade;
    /** Start time of the bench: wall clock for display, monotonic clock for durations. */
    readonly started: { readonly at: Date; readonly ms: number };
    readonly progress: BenchProgress;
  },
): Promise<BenchReport> {
  const { throughput, made, started, progress } = facts;
  const runs = markWarmUps(throughput?.made.runs ?? []);
  const runsVerified = runs.filter(({ verified }) => verified).length + made.runsVerified;
  const runsMade = runs.length + made.runs;
  const runsPlanned = (throughput?.made.runsPlanned ?? 0) + made.runsPlanned;
  const error = throughput?.made.error ?? made.error;
  const workload = throughput?.topic.workload ?? made.workload;
  if (workload === undefined) throw new Error('a bench needs at least one lane or experiment');
  const environment = await readEnvironment(brokers, config.timeout);
  const curveFacts = {
    partitions: workload.partitions,
    seed: config.seed,
    workUs: config.workUs,
    cores: environment.cores,
    linkMbitPerSecond: environment.brokerSource === 'external' ? environment.linkMbitPerSecond : undefined,
  };
  const { source } = brokers.connection;
  const precision = precisionFacts(config, runs);
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
    ...made.sections,
  };
}

/** Does nothing for brokers that this bench started: they are deleted with their data. */
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
