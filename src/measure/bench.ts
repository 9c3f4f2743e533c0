import { randomUUID } from 'node:crypto';
import type { ResolvedBrokers } from '../brokers/resolve.ts';
import { mockRecordsByDefault, orderSeedByDefault, recordsByDefault, type BenchConfig } from '../config/bench.ts';
import { Admin } from '../kafka/admin.ts';
import { nowMs } from '../metrics/clock.ts';
import { curvesOf } from '../report/curves.ts';
import { scalingOf } from '../report/scaling.ts';
import { schemaVersion, type BenchReport, type RunReport } from '../report/schema.ts';
import { markWarmUps } from '../report/warm-up-runs.ts';
import type { Workload } from '../workload/workload.ts';
import { groupOf, lanePropertiesOf, settingsOf } from './bench-settings.ts';
import type { BenchProgress, BenchTopic } from './bench-topic.ts';
import { readEnvironment } from './environment.ts';
import { existingTopic } from './existing-topic.ts';
import { makeTopic } from './make-topic.ts';
import { nextRepetition, precisionOf } from './extend-plan.ts';
import { planRuns, type PlannedRun } from './plan.ts';
import { runAll, type RunsMade } from './run-all.ts';

export interface BenchOptions {
  readonly config: BenchConfig;
  /** What a fresh topic is filled with, when the configuration names no topic. */
  readonly workload: Workload;
  readonly brokers: ResolvedBrokers;
}

export interface BenchOutcome {
  readonly report: BenchReport;
  /** What ended it early; the report has the runs made until then. */
  readonly error: unknown;
}

const partitionsByDefault = 4;

/**
 * The whole bench: a topic, its reference, all runs of the plan, the report. What it made on brokers that go on without
 * it, a topic and groups, is deleted again.
 * @throws WordcountError when it did not come to the first run; the signal's reason
 */
export async function runBench(options: BenchOptions, progress: BenchProgress): Promise<BenchOutcome> {
  const { config, brokers } = options;
  const startedAt = new Date();
  const topicName = config.topic ?? `bench-${randomUUID().slice(0, 8)}`;
  const seed = config.seed ?? orderSeedByDefault;
  let groupIds: readonly string[] = [];
  try {
    const topic = await topicOf(options, topicName, progress);
    const plan = planRuns({
      lanes: config.lane,
      members: config.members,
      repetitions: config.repetitions,
      warmUps: config.warmUp,
      seed,
    });
    progress.log(`${plan.length} runs, in the order of --seed ${seed}`);
    const { connection, pids } = brokers;
    const extend = extensionOf(config, seed);
    const made = await runAll({ plan, extend, topic, connection, group: groupOf(config), brokerPids: pids }, progress);
    ({ groupIds } = made);
    const report = await toReport(options, { topic, made, startedAt, progress });
    return { report, error: made.error };
  } finally {
    await cleanUp(options, { topic: config.topic === undefined ? topicName : undefined, groupIds }, progress);
  }
}

async function topicOf(options: BenchOptions, topic: string, progress: BenchProgress): Promise<BenchTopic> {
  const { config, workload, brokers } = options;
  const { connection } = brokers;
  const common = {
    connection,
    topic,
    lanes: config.lane,
    workUs: config.workUs,
    tokenizer: config.tokenizer,
    timeoutMs: config.timeout,
  };
  if (config.topic !== undefined) return existingTopic(common, progress);
  const records =
    config.numRecords ??
    (workload.type === 'files' ? 'once' : connection.source === 'mock' ? mockRecordsByDefault : recordsByDefault);
  const { partitions = partitionsByDefault, replicationFactor } = config;
  return makeTopic({ ...common, partitions, replicationFactor, workload, records }, progress);
}

/** What --until-precision adds to the plan. */
function extensionOf(config: BenchConfig, seed: number): (runs: readonly RunReport[]) => readonly PlannedRun[] {
  const { untilPrecision, lane, members, maxTime } = config;
  if (untilPrecision === undefined) return () => [];
  const deadlineMs = nowMs() + maxTime;
  return (runs) => nextRepetition(runs, { lanes: lane, members, repetitions: 1, seed, untilPrecision, deadlineMs });
}

function precisionReportOf(
  { untilPrecision: wanted, lane: lanes, members }: BenchConfig,
  runs: readonly RunReport[],
): BenchReport['precision'] {
  if (wanted === undefined) return undefined;
  const worst = Math.max(...lanes.flatMap((lane) => members.map((count) => precisionOf(runs, lane, count))));
  return { wanted, reached: worst <= wanted, ...(Number.isFinite(worst) ? { worst } : {}) };
}

async function toReport(
  { config, brokers }: BenchOptions,
  facts: {
    readonly topic: BenchTopic;
    readonly made: RunsMade;
    readonly startedAt: Date;
    readonly progress: BenchProgress;
  },
): Promise<BenchReport> {
  const { topic, made, startedAt, progress } = facts;
  const { runsPlanned } = made;
  const runs = markWarmUps(made.runs);
  const environment = await readEnvironment(brokers, config.timeout);
  const curveFacts = {
    partitions: topic.partitions,
    seed: config.seed ?? orderSeedByDefault,
    workUs: config.workUs,
    cores: environment.cores,
    linkMbitPerSecond: environment.brokerSource === 'external' ? environment.linkMbitPerSecond : undefined,
  };
  const precision = precisionReportOf(config, runs);
  const runsVerified = runs.filter(({ verified }) => verified).length;
  const early = progress.signal.aborted ? 'interrupted' : 'failed';
  return {
    schemaVersion,
    kind: 'bench',
    status: made.error === undefined ? 'complete' : early,
    startedAt: startedAt.toISOString(),
    elapsedMs: Date.now() - startedAt.getTime(),
    environment,
    workload: topic.workload,
    settings: settingsOf(config),
    lanes: [...topic.targets.values()].map(({ lane, workUs, reference: { records, words } }) => ({
      lane,
      workUs,
      records,
      words,
      consumerProperties: lanePropertiesOf(config, workUs),
    })),
    runs,
    scaling: scalingOf(runs, curveFacts),
    curves: curvesOf(runs, curveFacts),
    ...(precision === undefined ? {} : { precision }),
    verdict: { verified: runsVerified === runsPlanned, runsVerified, runs: runs.length, runsPlanned },
  };
}

/** Brokers that were started for this bench go with all that is in them. */
async function cleanUp(
  { config, brokers }: BenchOptions,
  made: { readonly topic: string | undefined; readonly groupIds: readonly string[] },
  progress: BenchProgress,
): Promise<void> {
  const { connection, managed } = brokers;
  if (managed !== undefined || connection.source === 'mock') return;
  try {
    const admin = await Admin.connect(connection, { timeoutMs: config.timeout });
    try {
      for (const groupId of made.groupIds) await admin.deleteGroup(groupId);
      if (made.topic !== undefined) await admin.deleteTopic(made.topic);
    } finally {
      await admin.close();
    }
  } catch (error) {
    const left = [...(made.topic === undefined ? [] : [`topic ${made.topic}`]), ...made.groupIds].join(', ');
    progress.warn(`could not delete what the bench left (${left}): ${error instanceof Error ? error.message : ''}`);
  }
}
