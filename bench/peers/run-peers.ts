import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ResolvedBrokers } from '../../src/brokers/resolve.ts';
import type { CommandContext } from '../../src/commands/context.ts';
import type { Connection } from '../../src/config/connection.ts';
import { discardTopic } from '../../src/kafka/kafkajs/create-topic.ts';
import { readMachine } from '../../src/benchmark/environment.ts';
import { describeWorkload, type Workload } from '../../src/workload/workload.ts';
import { fillTopic } from './fill-topic.ts';
import type { PeerGoals } from './goals.ts';
import type { Peer, PeerTopic } from './peer.ts';
import { summarize, type PeersReport } from './peers-report.ts';
import { differencesOf, planPeerRuns, type PeerSample, type PlannedPeerRun } from './samples.ts';

export interface PeersOptions {
  readonly workload: Workload;
  readonly goals: PeerGoals;
  readonly records: number;
  readonly partitions: number;
  readonly repetitions: number;
  readonly seed: number;
}

const timeoutMs = 30_000;
export const warmUpRecordsMax = 100_000;

/** Rows that can't be prepared are omitted, and the reason is reported. */
export interface PreparedPeers {
  readonly ready: readonly Peer[];
  readonly skipped: PeersReport['skipped'];
}

/** @throws the signal's reason */
export async function preparePeers(
  peers: readonly Peer[],
  context: Pick<CommandContext, 'signal' | 'log'>,
): Promise<PreparedPeers> {
  const ready: Peer[] = [];
  const skipped: { readonly name: string; readonly why: string }[] = [];
  for (const peer of peers) {
    const why = await peer.prepare(context.signal).catch((error: unknown) => String(error));
    context.signal.throwIfAborted();
    if (why === undefined) {
      ready.push(peer);
    } else {
      context.log(`${peer.name} is left out: ${why}`);
      skipped.push({ name: peer.name, why });
    }
  }
  return { ready, skipped };
}

/**
 * Runs all rows on one topic. An interruption ends it early: the report is then partial.
 * @throws ClusterError of the brokers; the signal's reason when there is nothing to report yet
 */
export async function runPeers(
  brokers: Pick<ResolvedBrokers, 'connection' | 'label'>,
  { ready, skipped }: PreparedPeers,
  options: PeersOptions,
  context: Pick<CommandContext, 'signal' | 'log'>,
): Promise<PeersReport> {
  const { connection } = brokers;
  const { workload, goals, partitions, records, repetitions, seed } = options;
  const name = `peers-${randomBytes(4).toString('hex')}`;
  const names = { measured: name, warmUp: `${name}-warm-up` };
  const folder = await mkdtemp(join(tmpdir(), 'consumer-cluster-peers-'));
  try {
    const fill = (topic: string, count: number): Promise<PeerTopic> =>
      fillTopic({ connection, topic, partitions, workload, records: count, timeoutMs }, context);
    const measured = await fill(names.measured, records);
    const warmUp = await fill(names.warmUp, Math.min(records, warmUpRecordsMax));
    const plan = planPeerRuns(ready, repetitions, seed);
    const samples = await runAll(plan, { name, connection, measured, warmUp, folder }, context);
    const facts = {
      environment: readMachine(brokers),
      workload: { corpus: describeWorkload(workload), records, bytes: measured.bytes, partitions },
      seed,
      repetitions,
      partial: samples.length < plan.length,
      skipped,
    };
    return summarize(facts, ready, samples, goals);
  } finally {
    await rm(folder, { recursive: true, force: true });
    for (const topic of Object.values(names)) {
      const left = await discardTopic({ connection, topic, timeoutMs });
      if (left !== undefined) context.log(left);
    }
  }
}

interface Stage {
  /** Prefix of group names. */
  readonly name: string;
  readonly connection: Connection;
  readonly measured: PeerTopic;
  readonly warmUp: PeerTopic;
  readonly folder: string;
}

/** @returns fewer samples than planned after an interruption */
async function runAll(
  plan: readonly PlannedPeerRun[],
  { name, connection, measured, warmUp, folder }: Stage,
  { signal, log }: Pick<CommandContext, 'signal' | 'log'>,
): Promise<PeerSample[]> {
  const samples: PeerSample[] = [];
  for (const [index, planned] of plan.entries()) {
    if (signal.aborted) break;
    const topic = planned.repetition === 0 ? warmUp : measured;
    const sample = await runOne(planned, { connection, topic, runId: `${name}-run-${index}`, folder, signal });
    if (sample === undefined) break;
    samples.push(sample);
    log(`${index + 1} of ${plan.length}: ${describe(sample)}`);
  }
  return samples;
}

/** @returns undefined after an interruption */
async function runOne(
  { peer, repetition }: PlannedPeerRun,
  task: Parameters<Peer['run']>[0],
): Promise<PeerSample | undefined> {
  const { name, bytesTolerance } = peer;
  try {
    const run = await peer.run(task);
    return { name, repetition, run, differences: differencesOf(run, task.topic, bytesTolerance) };
  } catch (error) {
    if (task.signal.aborted) return undefined;
    const message = error instanceof Error ? error.message : String(error);
    return { name, repetition, run: undefined, differences: [message] };
  }
}

function describe({ name, repetition, run, differences }: PeerSample): string {
  const what = `${name}, ${repetition === 0 ? 'warm-up' : `repetition ${repetition}`}`;
  if (run === undefined) return `${what}: FAILED: ${differences.join('; ')}`;
  const rate = Math.round((run.records / run.durationMs) * 1_000).toLocaleString('en-US');
  const failed = differences.length === 0 ? '' : `, FAILED: ${differences.join('; ')}`;
  return `${what}: ${rate} records/s${failed}`;
}
