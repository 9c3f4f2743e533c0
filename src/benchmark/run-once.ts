import { neverRestart } from '../cluster/restart-policy.ts';
import type { GroupSnapshot } from '../cluster/snapshot.ts';
import { stopDurable } from '../cluster/stop-durable.ts';
import { Supervisor } from '../cluster/supervisor.ts';
import type { Connection } from '../config/connection.ts';
import type { GroupConfig } from '../config/group.ts';
import { settleTimeoutMs } from '../config/takeover-bounds.ts';
import { nowMs } from '../time/clock.ts';
import { largest } from '../statistics/extremes.ts';
import { ClusterError, renderRetry } from '../errors.ts';
import { badFigure } from '../results/figures.ts';
import { counted } from '../numbers.ts';
import type { RunReport } from '../results/report-parts.ts';
import { accountingDifferences, accountingOf } from '../results/accounting.ts';
import type { LaneTarget } from './lane-target.ts';
import { cpuMsOfAll, machineBusyMs, receivedBytes } from './process-usage.ts';
import { RunSampler } from './run-sampler.ts';
import { steadyOf } from '../results/steady.ts';
import { RunHistory } from './run-history.ts';
import { differencesOf } from './verify-run.ts';

/** A run as its report identifies it. */
type RunPlace = Pick<RunReport, 'lane' | 'members' | 'repetition' | 'warmUp'>;

export interface RunOptions {
  readonly run: RunPlace;
  readonly target: LaneTarget;
  readonly topic: string;
  readonly connection: Connection;
  /** A group without committed offsets; its service time is that of the target. */
  readonly group: GroupConfig;
  /** Processes of managed brokers, to measure their CPU time; empty for external brokers. */
  readonly brokerPids?: readonly number[];
  /**
   * True to record and verify the event history of the run. Default: false, because recording has a
   * small cost.
   */
  readonly history?: boolean;
  readonly signal: AbortSignal;
  /** Called with each notice of a member: an error that the client recovers from. */
  readonly onNotice: (text: string) => void;
}

/**
 * Timeout without a newly counted record. It limits inactivity and not the duration of the run,
 * which may be long on a slow or throttled cluster.
 */
const hangMs = 60_000;

/**
 * Makes one measured run of a new group. All members join while the gate is closed and start
 * together. The measurement ends with the last batch applied before the end offsets; that of a
 * durable group ends when everything counted is committed. Finally, all word counts are compared
 * with the reference.
 * @returns the run; a run with wrong counts is not `verified` and lists its differences
 * @throws ClusterError when a member failed or the group made no progress; the signal's reason
 */
export async function runOnce(options: RunOptions): Promise<RunReport> {
  const { run, target, topic, connection, group, brokerPids = [], signal } = options;
  const { beginOffsets, endOffsets } = target;
  const history = options.history === true ? new RunHistory(group, beginOffsets) : undefined;
  const supervisor = new Supervisor({
    topic,
    connection,
    group,
    membersMax: run.members,
    beginOffsets,
    endOffsets,
    // A crash invalidates the measurement, so the run fails instead of restarting the member.
    restart: neverRestart,
    ...(history === undefined ? {} : { history: history.recorder }),
    onEvent: (event) => {
      if (event.type === 'notice') options.onNotice(`member ${event.memberId}: ${event.error.message}`);
      if (event.type === 'topicTrouble') options.onNotice(renderRetry(event.error));
    },
  });
  try {
    const measured = await measure(supervisor, run.members, { group, target, signal, brokerPids });
    const end = await finish(supervisor, group, measured.usage);
    // Meters are updated slightly after the tables. They are final once all members have exited.
    const final = supervisor.snapshot();
    const accounting = accountingOf(final, target);
    const differences = [
      ...differencesOf(final, supervisor.rankedWords(Infinity), target),
      ...accountingDifferences(accounting),
      ...(history?.violations() ?? []),
    ];
    return toReport(run, { ...measured, ...end, final, accounting }, differences);
  } catch (error) {
    await supervisor.stop(signal.aborted ? 'drain' : 'kill');
    throw error;
  } finally {
    history?.end();
  }
}

interface Measured {
  /** State just before the gate opened. */
  readonly joined: GroupSnapshot;
  /** State when the end offsets were reached, including the partition owners. */
  readonly reached: GroupSnapshot;
  readonly joinMs: number;
  /** Time at which the gate opened, on the monotonic clock (time/clock.ts). */
  readonly openMs: number;
  readonly startedAt: Date;
  /** The resources used since the gate opened. */
  readonly usage: () => RunReport['usage'];
  readonly peakRssMib: number;
  readonly samples: RunReport['samples'];
}

interface MeasureOptions {
  readonly group: GroupConfig;
  readonly target: LaneTarget;
  readonly signal: AbortSignal;
  readonly brokerPids: readonly number[];
}

async function measure(supervisor: Supervisor, members: number, options: MeasureOptions): Promise<Measured> {
  const { group, target, signal, brokerPids } = options;
  const sampler = new RunSampler({ snapshot: () => supervisor.snapshot(), brokerPids });
  try {
    const startMs = nowMs();
    for (let member = 0; member < members; member += 1) supervisor.addMember();
    await supervisor.waitSettled({ timeoutMs: settleTimeoutMs(group), signal });
    const joinMs = nowMs() - startMs;
    const joined = supervisor.snapshot();
    const usage = usageFromNow(brokerPids);
    const startedAt = new Date();
    const openMs = supervisor.openGate();
    sampler.open(openMs);
    await supervisor.waitReached({ timeoutMs: hangMs + target.workUs / 1_000, whileStill: true, signal });
    sampler.stop();
    const { peakRssMib } = sampler;
    const samples = sampler.samples();
    return { joined, reached: supervisor.snapshot(), joinMs, openMs, startedAt, usage, peakRssMib, samples };
  } finally {
    sampler.stop();
  }
}

interface RunEnd {
  readonly usage: RunReport['usage'];
  /** Only of a durable group: when everything counted was committed, on the monotonic clock. */
  readonly committedMs?: number;
}

/** Stops the group. A durable run lasts until its last transaction is complete. */
async function finish(supervisor: Supervisor, { durable }: GroupConfig, usage: Measured['usage']): Promise<RunEnd> {
  if (durable === undefined) {
    const end = { usage: usage() };
    await supervisor.stop('drain');
    return end;
  }
  let end: RunEnd | undefined;
  await stopDurable(supervisor, () => {
    end = { committedMs: nowMs(), usage: usage() };
  });
  // Not everything was committed: the comparison with the changelog fails the run.
  return end ?? { committedMs: nowMs(), usage: usage() };
}

/** @returns a function that returns the resources used since this call */
function usageFromNow(brokerPids: readonly number[]): () => RunReport['usage'] {
  const startMs = nowMs();
  const busyBefore = machineBusyMs();
  const bytesBefore = receivedBytes();
  const brokersBefore = cpuMsOfAll(brokerPids);
  const before = process.cpuUsage();
  return () => {
    const { user, system } = process.cpuUsage(before);
    const brokers = cpuMsOfAll(brokerPids);
    const bytes = receivedBytes();
    return {
      intervalMs: nowMs() - startMs,
      cpuMs: (user + system) / 1_000,
      ...(brokers === undefined || brokersBefore === undefined ? {} : { brokerCpuMs: brokers - brokersBefore }),
      machineBusyMs: Math.max(0, machineBusyMs() - busyBefore),
      ...(bytes === undefined || bytesBefore === undefined ? {} : { receivedBytes: bytes - bytesBefore }),
    };
  };
}

function toReport(
  run: RunPlace,
  measured: Omit<Measured, 'usage'> &
    RunEnd & { readonly final: GroupSnapshot; readonly accounting: RunReport['accounting'] },
  differences: readonly string[],
): RunReport {
  const { joined, reached, final, accounting, openMs, startedAt, joinMs, usage, peakRssMib, samples } = measured;
  const { records, words, bytes, refused } = final;
  if (records === 0)
    throw new ClusterError('internal', `a run of ${counted(run.members, 'member')} has not counted any record`);
  const { committedMs = largest(final.members.map(({ meter }) => meter.lastAppliedAtMs)) } = measured;
  const durationMs = committedMs - openMs;
  const seconds = durationMs / 1_000;
  const steady = steadyOf(samples);
  const speeds = {
    durationMs,
    joinMs,
    recordsPerSecond: records / seconds,
    wordsPerSecond: words / seconds,
    mibPerSecond: bytes / 2 ** 20 / seconds,
    cpuMicrosPerRecord: (1_000 * usage.cpuMs) / records,
  };
  const bad = badFigure({ ...speeds, usage }, { negativeAllowed: false });
  if (bad !== undefined)
    throw new ClusterError('internal', `${bad} is not a finite number, so it cannot be a result of a run`);
  return {
    ...run,
    startedAt: startedAt.toISOString(),
    records,
    words,
    bytes,
    ...speeds,
    peakRssMib,
    refusedWrites: refused,
    rebalances: rebalancesOf(reached) - rebalancesOf(joined),
    verified: differences.length === 0,
    ...(differences.length === 0 ? {} : { differences: [...differences] }),
    accounting,
    usage,
    ...(steady === undefined ? {} : { steady }),
    samples,
    perMember: final.members.map(({ memberId, meter }, index) => ({
      memberId,
      partitions: [...(reached.members[index]?.partitions ?? [])],
      records: meter.records,
      busyMs: meter.busyMs,
    })),
  };
}

function rebalancesOf({ members }: GroupSnapshot): number {
  return members.reduce((sum, { meter }) => sum + meter.rebalances, 0);
}
