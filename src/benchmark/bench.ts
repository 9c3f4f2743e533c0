import { randomUUID } from 'node:crypto';
import { toErrorReport } from '../errors.ts';
import { Admin } from '../kafka/kafkajs/admin.ts';
import { discardGroups } from '../kafka/kafkajs/discard-groups.ts';
import { schemaVersion, type BenchReport } from '../results/schema.ts';
import { nowMs } from '../time/clock.ts';
import type { BenchOptions } from './bench-options.ts';
import { settingsOf } from './bench-settings.ts';
import type { BenchProgress } from './bench-topic.ts';
import { readEnvironment } from './environment.ts';
import { runExperiments, type ExperimentsMade, type SelectedExperiment } from './run-experiments.ts';

export interface BenchRun extends BenchOptions {
  /** At least one; they run in this order. */
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
 * Runs a whole bench: experiments, verified, as one report. At the end it deletes the
 * topics and groups that it created, unless the brokers are deleted anyway.
 * @throws ClusterError when it fails before the first run; the signal's reason
 */
export async function runBench(options: BenchRun, progress: BenchProgress): Promise<BenchOutcome> {
  const { experiments: selected } = options;
  const started = { at: new Date(), ms: nowMs() };
  const left: Leftovers = { topics: [], groupIds: [] };
  const topicName = `bench-${randomUUID().slice(0, 8)}`;
  try {
    const made = await runExperiments(options, { selected, topicName, left }, progress);
    return { report: await toReport(options, { made, started, progress }), error: made.error };
  } finally {
    await cleanUp(options, left, progress);
  }
}

async function toReport(
  { config, brokers }: BenchOptions,
  facts: {
    readonly made: ExperimentsMade;
    /** Start time of the bench: wall clock for display, monotonic clock for durations. */
    readonly started: { readonly at: Date; readonly ms: number };
    readonly progress: BenchProgress;
  },
): Promise<BenchReport> {
  const { made, started, progress } = facts;
  const { fields, runs, runsVerified, runsPlanned, workload, error } = made;
  if (workload === undefined) throw new Error('a bench needs at least one experiment');
  const environment = await readEnvironment(brokers, config.timeout);
  const early = progress.signal.aborted ? 'interrupted' : 'failed';
  return {
    schemaVersion,
    kind: 'bench',
    status: error === undefined ? 'complete' : early,
    startedAt: started.at.toISOString(),
    elapsedMs: nowMs() - started.ms,
    environment,
    workload,
    settings: settingsOf(config, brokers.connection.source),
    ...{ lanes: [], runs: [], scaling: [], curves: [] },
    ...fields,
    verdict: { verified: runsVerified === runsPlanned, runsVerified, runs, runsPlanned },
  };
}

/**
 * Does nothing for brokers that have failed, or that this bench started: those are deleted with their
 * data.
 */
async function cleanUp({ config, brokers }: BenchOptions, made: Leftovers, progress: BenchProgress): Promise<void> {
  const { connection, managed, failed } = brokers;
  if (managed !== undefined || connection.source === 'mock' || failed?.aborted === true) return;
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
