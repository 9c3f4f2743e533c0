import { neverRestart } from '../cluster/restart-policy.ts';
import type { GroupSnapshot } from '../cluster/snapshot.ts';
import { Supervisor } from '../cluster/supervisor.ts';
import type { Connection } from '../config/connection.ts';
import type { GroupConfig } from '../config/group.ts';
import { nowMs } from '../metrics/clock.ts';
import type { RunReport } from '../report/schema.ts';
import type { LaneTarget } from './lane-target.ts';
import type { PlannedRun } from './plan.ts';
import { RssSampler } from './rss-sampler.ts';
import { differencesOf } from './verify-run.ts';

export interface RunOptions {
  readonly run: PlannedRun;
  readonly target: LaneTarget;
  readonly topic: string;
  readonly connection: Connection;
  /** A group that has never committed; its service time is that of the target. */
  readonly group: GroupConfig;
  readonly signal: AbortSignal;
  /** Called with each notice of a member: errors that the client recovers from. */
  readonly onNotice: (text: string) => void;
}

const settleMs = 60_000;
/** A run slower than this has hung. */
const recordsPerSecondMin = 10_000;
const hangMs = 60_000;

/**
 * One measured run of a fresh group: all members join while the gate is closed, are released at once, and the clock stops
 * at the last batch applied before the end offsets. Then every word is compared.
 * @returns the run; one that counted wrong is not `verified` and lists its differences
 * @throws WordcountError when a member failed or the group hung; the signal's reason
 */
export async function runOnce(options: RunOptions): Promise<RunReport> {
  const { run, target, topic, connection, group, signal } = options;
  const { beginOffsets, endOffsets } = target;
  const supervisor = new Supervisor({
    topic,
    connection,
    group,
    membersMax: run.members,
    beginOffsets,
    endOffsets,
    // A measurement with a crash in it is none.
    restart: neverRestart,
    onEvent: (event) => {
      if (event.type === 'notice') options.onNotice(`member ${event.memberId}: ${event.error.message}`);
    },
  });
  try {
    const measured = await measure(supervisor, run.members, { target, signal });
    await supervisor.stop('drain');
    // Meters follow the tables by a moment: they are final when the members are gone.
    const final = supervisor.snapshot();
    const differences = differencesOf(final, supervisor.rankedWords(Infinity), target);
    return toReport(run, { ...measured, final }, differences);
  } catch (error) {
    await supervisor.stop(signal.aborted ? 'drain' : 'kill');
    throw error;
  }
}

interface Measured {
  /** Just before the gate was opened. */
  readonly joined: GroupSnapshot;
  /** When the end was reached: who owned what. */
  readonly reached: GroupSnapshot;
  readonly joinMs: number;
  /** Of the gate's opening, metrics/clock.ts. */
  readonly openMs: number;
  readonly cpuMicros: number;
  readonly peakRssMib: number;
}

async function measure(
  supervisor: Supervisor,
  members: number,
  { target, signal }: { readonly target: LaneTarget; readonly signal: AbortSignal },
): Promise<Measured> {
  const rss = new RssSampler();
  try {
    const startMs = nowMs();
    for (let member = 0; member < members; member += 1) supervisor.addMember();
    await supervisor.waitSettled({ deadlineMs: settleMs, signal });
    const joinMs = nowMs() - startMs;
    const joined = supervisor.snapshot();
    const cpuAtStart = process.cpuUsage();
    const openMs = supervisor.openGate();
    await supervisor.waitReached({ deadlineMs: deadlineMs(target), signal });
    const cpu = process.cpuUsage(cpuAtStart);
    const cpuMicros = cpu.user + cpu.system;
    return { joined, reached: supervisor.snapshot(), joinMs, openMs, cpuMicros, peakRssMib: rss.stop() };
  } finally {
    rss.stop();
  }
}

function deadlineMs({ reference, workUs }: LaneTarget): number {
  const drainMs = (reference.records / recordsPerSecondMin) * 1_000;
  const workMs = (reference.records * workUs) / 1_000;
  return hangMs + drainMs + 2 * workMs;
}

function toReport(
  run: PlannedRun,
  measured: Measured & { readonly final: GroupSnapshot },
  differences: readonly string[],
): RunReport {
  const { joined, reached, final, openMs, joinMs, cpuMicros, peakRssMib } = measured;
  const { records, words, bytes, refused } = final;
  const durationMs = Math.max(...final.members.map(({ meter }) => meter.lastAppliedAtMs)) - openMs;
  const seconds = durationMs / 1_000;
  return {
    ...run,
    records,
    words,
    bytes,
    durationMs,
    joinMs,
    recordsPerSecond: records / seconds,
    wordsPerSecond: words / seconds,
    mibPerSecond: bytes / 2 ** 20 / seconds,
    cpuMicrosPerRecord: cpuMicros / records,
    peakRssMib,
    refusedWrites: refused,
    rebalances: rebalancesOf(reached) - rebalancesOf(joined),
    verified: differences.length === 0,
    ...(differences.length === 0 ? {} : { differences: [...differences] }),
    perMember: final.members.map(({ memberId, meter }, index) => ({
      memberId,
      partitions: [...(reached.members[index]?.partitions ?? [])],
      records: meter.records,
    })),
  };
}

function rebalancesOf({ members }: GroupSnapshot): number {
  return members.reduce((sum, { meter }) => sum + meter.rebalances, 0);
}
