import { randomUUID } from 'node:crypto';
import type { Connection } from '../../../../config/connection.ts';
import { namedProtocols } from '../../../../config/group-protocols.ts';
import type { GroupConfig } from '../../../../config/group.ts';
import { largest } from '../../../../statistics/extremes.ts';
import { median, samplesOf } from '../../../../statistics/statistics.ts';
import {
  rebalanceCauses,
  rebalanceProtocols,
  type RebalanceCause,
  type RebalanceProtocol,
  type RebalanceReport,
  type RebalanceRow,
  type RebalanceRun,
  type TimelineMark,
  type TimelineRow,
} from '../rebalance-schema.ts';
import { causeNames } from '../rebalance-causes.ts';
import type { Workload } from '../../../../workload/workload.ts';
import type { BenchProgress } from '../../../bench-topic.ts';
import { ownerships, rebalanceGaps, type GapSplit, type PartitionGap } from '../rebalance-analysis.ts';
import { runRebalances, type RebalanceRunMade, type RebalanceStep } from './rebalance-run.ts';

export interface RebalanceLaneOptions {
  readonly connection: Connection;
  /** A new, empty topic that only this lane uses. */
  readonly topic: string;
  readonly partitions: number;
  readonly workload: Workload;
  readonly group: Omit<GroupConfig, 'groupId' | 'workUs'>;
  readonly protocols?: readonly RebalanceProtocol[];
  readonly causes?: readonly RebalanceCause[];
  readonly repetitions: number;
  readonly ratePerSecond: number;
  readonly timeoutMs: number;
}

export interface RebalanceLaneMade {
  readonly report: RebalanceReport;
  readonly groupIds: readonly string[];
  readonly records: number;
  readonly words: number;
  readonly runsPlanned: number;
  /** The error that ended the lane early, if any; the report contains the runs made until then. */
  readonly error: unknown;
}

interface Measured {
  readonly protocol: RebalanceProtocol;
  readonly step: RebalanceStep;
  readonly gaps: readonly PartitionGap[];
}

/** Measures every cause under every protocol, for the given number of repetitions. */
export async function runRebalanceLane(
  options: RebalanceLaneOptions,
  progress: BenchProgress,
): Promise<RebalanceLaneMade> {
  const { protocols = rebalanceProtocols, causes = rebalanceCauses, repetitions } = options;
  const groupIds: string[] = [];
  const measured: Measured[] = [];
  const timeline: TimelineRow[] = [];
  const marks: TimelineMark[] = [];
  const differences: string[] = [];
  const runs: RebalanceRun[] = [];
  let [records, words] = [0, 0];
  let error: unknown;
  try {
    for (let repetition = 1; repetition <= repetitions; repetition += 1) {
      for (const protocol of protocols) {
        progress.signal.throwIfAborted();
        progress.log(`rebalance, ${protocol}, repetition ${repetition}`);
        const groupId = `bench-${randomUUID().slice(0, 8)}`;
        groupIds.push(groupId);
        const made = await once(options, { protocol, groupId, causes }, progress);
        const steps = made.steps.map((step): Measured => ({ protocol, step, gaps: rebalanceGaps(made.events, step) }));
        for (const step of steps) measured.push(step);
        runs.push(runOf({ protocol, repetition }, made, steps));
        records += made.records;
        words += made.words;
        for (const line of made.differences) differences.push(`rebalance, ${protocol}: ${line}`);
        if (repetition > 1) continue;
        for (const row of timelineOf(protocol, made)) timeline.push(row);
        for (const mark of marksOf(protocol, made)) marks.push(mark);
      }
    }
  } catch (caught) {
    error = caught;
  }
  const report = {
    ratePerSecond: options.ratePerSecond,
    partitions: options.partitions,
    sessionTimeoutMs: options.group.sessionTimeoutMs,
    rows: protocols.flatMap((protocol) => causes.flatMap((cause) => rowOf(measured, protocol, cause) ?? [])),
    timeline,
    marks,
    verified: differences.length === 0,
    ...(differences.length === 0 ? {} : { differences }),
    runs,
  };
  const runsPlanned = protocols.length * repetitions;
  return { report, groupIds, records, words, runsPlanned, error };
}

async function once(
  { connection, topic, workload, group, ratePerSecond, timeoutMs }: RebalanceLaneOptions,
  run: {
    readonly protocol: RebalanceProtocol;
    readonly groupId: string;
    readonly causes: readonly RebalanceCause[];
  },
  progress: BenchProgress,
): Promise<RebalanceRunMade> {
  const { protocol, groupId, causes } = run;
  return runRebalances({
    connection,
    topic,
    workload,
    causes,
    ratePerSecond,
    timeoutMs,
    signal: progress.signal,
    group: { ...group, ...namedProtocols[protocol], groupId, workUs: 0 },
    log: (line) => {
      progress.log(line);
    },
  });
}

function runOf(
  run: Pick<RebalanceRun, 'protocol' | 'repetition'>,
  { durationMs, differences }: RebalanceRunMade,
  steps: readonly Measured[],
): RebalanceRun {
  const changes = steps.map(({ step: { cause, settledMs, causeMs }, gaps }) => {
    const gap = gapsOf(gaps);
    return { cause, settleMs: settledMs - causeMs, ...(gap === undefined ? {} : { gapMs: gap.p50 }) };
  });
  const verified = differences.length === 0;
  return { ...run, durationMs, changes, verified, ...(verified ? {} : { differences: [...differences] }) };
}

/** @returns undefined when the cause was not measured */
function rowOf(
  measured: readonly Measured[],
  protocol: RebalanceProtocol,
  cause: RebalanceCause,
): RebalanceRow | undefined {
  const runs = measured.filter((run) => run.protocol === protocol && run.step.cause === cause);
  const [first] = runs;
  if (first === undefined) return undefined;
  const gaps = runs.flatMap((run) => run.gaps);
  const moved = gaps.filter(isMoved);
  const stopped = gaps.filter(({ stoppedThoughKept }) => stoppedThoughKept);
  const each = (value: (run: Measured) => number): number => median(samplesOf(runs.map(value)));
  return {
    protocol,
    cause,
    fromMembers: first.step.fromMembers,
    toMembers: first.step.toMembers,
    runs: runs.length,
    settleMs: each(({ step }) => step.settledMs - step.causeMs),
    moved: each((run) => run.gaps.filter(isMoved).length),
    gapsMs: gapsOf(gaps) ?? { p50: 0, max: 0 },
    ...(moved.length === 0 ? {} : { movedGapsMs: gapsOf(moved) }),
    splitMs: splitOf([...moved, ...stopped]),
    refetched: each(({ step }) => step.refetched),
    stoppedThoughKept: {
      partitions: each((run) => run.gaps.filter(({ stoppedThoughKept }) => stoppedThoughKept).length),
      members: each(
        (run) =>
          new Set(run.gaps.filter(({ stoppedThoughKept }) => stoppedThoughKept).map(({ toMember }) => toMember)).size,
      ),
      maxMs: largest([0, ...stopped.map(lengthOf)]),
    },
  };
}

function isMoved({ fromMember, toMember }: PartitionGap): boolean {
  return fromMember !== toMember;
}

function lengthOf({ fromMs, toMs }: PartitionGap): number {
  return toMs - fromMs;
}

function gapsOf(gaps: readonly PartitionGap[]): { p50: number; max: number } | undefined {
  if (gaps.length === 0) return undefined;
  const lengths = samplesOf(gaps.map(lengthOf));
  return { p50: median(lengths), max: largest(lengths) };
}

function splitOf(gaps: readonly PartitionGap[]): RebalanceRow['splitMs'] {
  const middle = (part: keyof GapSplit): number =>
    gaps.length === 0 ? 0 : median(samplesOf(gaps.map(({ split }) => split[part])));
  return {
    detect: middle('detect'),
    revoke: middle('revoke'),
    assign: middle('assign'),
    firstRecord: middle('firstRecord'),
  };
}

function timelineOf(protocol: RebalanceProtocol, { steps, events }: RebalanceRunMade): TimelineRow[] {
  const startMs = events[0]?.atMs ?? 0;
  const endMs = (events.at(-1)?.atMs ?? 0) - startMs;
  const owned = ownerships(events).map(({ partition, member, fromMs, toMs }) => ({
    protocol,
    partition,
    member,
    fromMs: fromMs - startMs,
    toMs: toMs === undefined ? endMs : toMs - startMs,
    kind: 'owned' as const,
  }));
  const gaps = steps.flatMap((step) => rebalanceGaps(events, step));
  const still = gaps
    .filter((gap) => isMoved(gap) || gap.stoppedThoughKept)
    .map(({ partition, toMember, fromMs, toMs }) => ({
      protocol,
      partition,
      member: toMember,
      fromMs: fromMs - startMs,
      toMs: toMs - startMs,
      kind: 'gap' as const,
    }));
  return [...owned, ...still];
}

function marksOf(protocol: RebalanceProtocol, { steps, events }: RebalanceRunMade): TimelineMark[] {
  const startMs = events[0]?.atMs ?? 0;
  return steps.map(({ cause, causeMs, fromMembers, toMembers }) => ({
    protocol,
    atMs: causeMs - startMs,
    cause,
    text: `${causeNames[cause]}, ${fromMembers} to ${toMembers}`,
  }));
}
