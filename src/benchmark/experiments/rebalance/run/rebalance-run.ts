import { neverRestart } from '../../../../cluster/restart-policy.ts';
import type { GroupSnapshot } from '../../../../cluster/snapshot.ts';
import { Supervisor } from '../../../../cluster/supervisor.ts';
import { waitUntil } from '../../../../time/wait-until.ts';
import type { Connection } from '../../../../config/connection.ts';
import type { GroupConfig } from '../../../../config/group.ts';
import { settleTimeoutMs } from '../../../../config/takeover-bounds.ts';
import type { HistoryEvent } from '../../../../history/event.ts';
import { HistoryRecorder } from '../../../../history/history-recorder.ts';
import { readTopicRange } from '../../../../kafka/kafkajs/topic-range.ts';
import { nowMs } from '../../../../time/clock.ts';
import { sleep } from '../../../../time/sleep.ts';
import type { MemberId } from '../../../../protocol/ids.ts';
import type { RebalanceCause } from '../rebalance-schema.ts';
import { Feed } from '../../../../live-run/feed.ts';
import { referenceCounts } from '../../../../workload/reference-counts.ts';
import type { Workload } from '../../../../workload/workload.ts';
import type { RebalanceWindow } from '../rebalance-analysis.ts';
import { differencesOf } from '../../../verify-run.ts';

export interface RebalanceRunOptions {
  readonly connection: Connection;
  /** Only this run may produce to it. Records of earlier runs are not read. */
  readonly topic: string;
  readonly workload: Workload;
  /** A group without committed offsets. */
  readonly group: GroupConfig;
  readonly causes: readonly RebalanceCause[];
  readonly ratePerSecond: number;
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
  readonly log: (line: string) => void;
}

/** One membership change and its effects. */
export interface RebalanceStep extends RebalanceWindow {
  readonly cause: RebalanceCause;
  readonly fromMembers: number;
  readonly toMembers: number;
  readonly settledMs: number;
  /** Number of records that members fetched and discarded. */
  readonly refetched: number;
}

export interface RebalanceRunMade {
  readonly steps: readonly RebalanceStep[];
  /** Events of the whole run, ordered by ticket. */
  readonly events: readonly HistoryEvent[];
  /** From the start of the members until every record is counted. */
  readonly durationMs: number;
  readonly records: number;
  readonly words: number;
  readonly differences: readonly string[];
}

const catchUpMs = 60_000;
/** Time before the first change and after each change in which the group consumes undisturbed. */
const calmMs = 700;
const membersMax = 5;
/**
 * Number of members after each cause. Each change starts with the members that the previous one
 * left.
 */
const membersAfter = { join: 3, leave: 2, crash: 1, scaleUp: membersMax, scaleDown: 1 } as const;
const membersFirst = 2;
/** Whether a cause ends its members without a leave request. */
const endsAbruptly = { join: false, leave: false, crash: true, scaleUp: false, scaleDown: false } as const;

/**
 * Runs one group under a steady feed and changes its members, one cause after the other. It records
 * the group's history, and finally compares all word counts with the reference.
 * @throws ClusterError when the group did not become stable in time or the feed failed; the
 * signal's reason
 */
export async function runRebalances(options: RebalanceRunOptions): Promise<RebalanceRunMade> {
  const { connection, topic, group, signal, timeoutMs } = options;
  const { endOffsets: beginOffsets } = await readTopicRange(connection, topic, timeoutMs);
  const events: HistoryEvent[] = [];
  const recorder = new HistoryRecorder({ onEvent: (event) => events.push(event) });
  const supervisor = new Supervisor({
    topic,
    connection,
    group,
    membersMax,
    beginOffsets,
    restart: neverRestart,
    history: recorder.group(group.groupId),
  });
  const run = new RebalanceRun(options, supervisor);
  let feed: Feed | undefined;
  const startMs = nowMs();
  try {
    await run.start();
    feed = feedOf(options, beginOffsets.length);
    const steps: RebalanceStep[] = [];
    await run.calm();
    for (const cause of options.causes) {
      const step = await run.change(cause);
      if (step !== undefined) steps.push(step);
    }
    const { perPartition = [] } = await feed.end();
    const endOffsets = beginOffsets.map((begin, partition) => begin + (perPartition[partition] ?? 0));
    await supervisor.waitReached({ endOffsets, timeoutMs: catchUpMs, signal });
    const durationMs = nowMs() - startMs;
    await supervisor.stop('drain');
    const { tokenizer } = group;
    const reference = await referenceCounts(options.workload, { records: perPartition, tokenizer, signal });
    const target = { lane: 'drain', workUs: 0, beginOffsets, endOffsets, reference } as const;
    const differences = differencesOf(supervisor.snapshot(), supervisor.rankedWords(Infinity), target);
    recorder.close();
    const { records, words } = reference;
    return { steps, events, durationMs, records, words, differences };
  } catch (error) {
    await feed?.end().catch(() => undefined);
    await supervisor.stop(signal.aborted ? 'drain' : 'kill');
    recorder.close();
    throw error;
  }
}

/** Produces without linger, so that no partition pauses while the producer fills a batch. */
function feedOf(
  { connection, topic, workload, ratePerSecond, timeoutMs }: RebalanceRunOptions,
  partitions: number,
): Feed {
  const atOnce = { ...connection, properties: { 'linger.ms': '0', ...connection.properties } };
  return new Feed({ connection: atOnce, topic, partitions, workload, rate: ratePerSecond, timeoutMs });
}

class RebalanceRun {
  readonly #options: RebalanceRunOptions;
  readonly #supervisor: Supervisor;
  readonly #live: MemberId[] = [];

  constructor(options: RebalanceRunOptions, supervisor: Supervisor) {
    this.#options = options;
    this.#supervisor = supervisor;
  }

  async start(): Promise<void> {
    this.#add(membersFirst);
    await this.#settle();
    this.#supervisor.openGate();
  }

  /** Waits until every partition has a new batch, and then for another `calmMs`. */
  async calm(): Promise<void> {
    await this.#flow();
    await sleep(calmMs, undefined, { signal: this.#options.signal });
  }

  /** @returns undefined when the group already has the target number of members */
  async change(cause: RebalanceCause): Promise<RebalanceStep | undefined> {
    const fromMembers = this.#live.length;
    const toMembers = membersAfter[cause];
    if (fromMembers === toMembers) return undefined;
    const thrownAway = wasted(this.#supervisor.snapshot());
    const causeMs = nowMs();
    if (toMembers > fromMembers) this.#add(toMembers - fromMembers);
    else await this.#remove(fromMembers - toMembers, cause);
    await this.#settle();
    const settledMs = nowMs();
    await this.#flow();
    const endMs = nowMs();
    const refetched = wasted(this.#supervisor.snapshot()) - thrownAway;
    this.#options.log(
      `  ${cause} (members: ${fromMembers} to ${toMembers}): settled after ${Math.round(settledMs - causeMs)} ms`,
    );
    await sleep(calmMs, undefined, { signal: this.#options.signal });
    return { cause, fromMembers, toMembers, causeMs, settledMs, endMs, refetched };
  }

  #add(count: number): void {
    for (let added = 0; added < count; added += 1) this.#live.push(this.#supervisor.addMember());
  }

  /** Removes the members that joined last. */
  async #remove(count: number, cause: RebalanceCause): Promise<void> {
    const gone = this.#live.splice(-count);
    await Promise.all(
      gone.map((memberId) =>
        endsAbruptly[cause]
          ? this.#supervisor.killMember(memberId, { leaveForIt: false })
          : this.#supervisor.drainMember(memberId),
      ),
    );
  }

  async #settle(): Promise<void> {
    const { group, signal } = this.#options;
    await this.#supervisor.waitSettled({ timeoutMs: settleTimeoutMs(group), signal });
  }

  /** Waits until every partition has a new batch. */
  async #flow(): Promise<void> {
    const nextOffsets = (): number[] => this.#supervisor.snapshot().partitions.map(({ nextOffset }) => nextOffset);
    const before = nextOffsets();
    const flows = (): boolean => nextOffsets().every((nextOffset, partition) => nextOffset > (before[partition] ?? 0));
    const { group, signal } = this.#options;
    await waitUntil(
      flows,
      { timeoutMs: settleTimeoutMs(group), signal },
      (limit) => `not every partition has a new batch ${limit}`,
    );
  }
}

function wasted({ members }: GroupSnapshot): number {
  return members.reduce((sum, { meter }) => sum + meter.recordsBelowNext + meter.recordsNotOwned, 0);
}
