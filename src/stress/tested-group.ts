import { randomUUID } from 'node:crypto';
import { Supervisor } from '../cluster/supervisor.ts';
import type { GroupConfig } from '../config/group.ts';
import type { FaultWorld } from './faults/fault-world.ts';
import { VerifiedHistory, type VerifiedHistoryOptions } from '../live-run/verified-history.ts';
import { WeightedFeed } from '../workload/weighted-feed.ts';
import type { LostRange } from '../verify/check.ts';
import { planSettings } from './plan-file.ts';
import { splitReturned } from './returned-records.ts';
import { runContext } from './run-context.ts';
import { plannedGroup, watchdogOf, type RunPlan } from './run-plan.ts';
import type { RunResources } from './run-resources.ts';
import { Takeovers } from './takeovers.ts';
import { ThroughputRecorder } from './throughput.ts';

/** Replacements start almost at once: longer delays would only reduce the number of takeovers. */
const restart = { restartsMax: Infinity, delayMs: 50, calmMs: 1_000 } as const;

/**
 * The subject of a run: a group without members yet, the feed of its topic, and the history of
 * both.
 */
export class TestedGroup {
  readonly topic: string;
  readonly group: GroupConfig;
  readonly feed: WeightedFeed;
  readonly supervisor: Supervisor;
  readonly history: VerifiedHistory;
  readonly takeovers = new Takeovers();
  readonly throughput = new ThroughputRecorder();
  /** Records that faults have deleted before they were counted. */
  readonly losses: LostRange[] = [];
  readonly perhapsLost: LostRange[] = [];
  /**
   * True when the group stopped after its topic was recreated; undefined when it was not recreated.
   */
  stoppedAtNewTopic: boolean | undefined;
  /** Number of members that have crashed. */
  crashes = 0;
  readonly #produced: number[] = [];

  constructor(
    plan: RunPlan,
    resources: RunResources,
    historyFile: Pick<VerifiedHistoryOptions, 'file' | 'onFileFailure'>,
  ) {
    this.topic = `stress-${plan.seed}-${randomUUID().slice(0, 8)}`;
    this.group = plannedGroup(plan, this.topic, resources.limits);
    const { partitions, rate } = plan;
    const { topic, group } = this;
    this.feed = new WeightedFeed({
      ...{ connection: resources.connection, topic, partitions, rate, tokenizer: group.tokenizer },
      onDelivered: (ends) => {
        this.#recordProduced(ends);
      },
    });
    const context = runContext(plan, group, resources.limits);
    this.history = new VerifiedHistory({
      groups: [context],
      ...historyFile,
      settings: planSettings(plan),
      onEvent: (event) => {
        this.takeovers.add(event);
        if (event.type === 'batchApplied') this.throughput.add(event.atMs, event.records);
      },
    });
    this.supervisor = new Supervisor({
      topic,
      connection: resources.memberConnection,
      group,
      membersMax: plan.members,
      beginOffsets: context.beginOffsets,
      restart,
      watchdogMs: watchdogOf(plan),
      onTruncation: 'continue',
      history: this.history.group(group.groupId),
      onEvent: (event) => {
        if (event.type === 'exited' && event.crashed) this.crashes += 1;
      },
    });
  }

  /** Everything that the faults of this run may act on. */
  world(plan: RunPlan, { managed, proxy, connection }: RunResources): FaultWorld {
    const { members, partitions } = plan;
    const watchdog = Number.isFinite(watchdogOf(plan));
    const { supervisor, group, topic, feed, losses, perhapsLost } = this;
    return {
      ...{ supervisor, group, topic, partitions, feed, connection, membersMax: members, watchdog, losses, perhapsLost },
      onTopicRecreated: (stopped) => {
        this.stoppedAtNewTopic = stopped;
      },
      ...(managed === undefined ? {} : { managed }),
      ...(proxy === undefined ? {} : { proxy }),
    };
  }

  /**
   * @param beginOffsets - start offsets of the topic's partitions when all brokers are up, indexed
   *   by partition
   */
  reviewLosses(beginOffsets: readonly number[]): void {
    const { deleted, returned } = splitReturned(this.losses.splice(0), beginOffsets);
    for (const range of deleted) this.losses.push(range);
    for (const range of returned) this.perhapsLost.push(range);
    // Members may or may not have counted the records that have returned.
    if (returned.length > 0) this.feed.lostTrack();
  }

  /** Call it when all members have ended. May be called twice. */
  endHistory(): void {
    this.history.end();
  }

  #recordProduced(ends: readonly number[]): void {
    for (const [partition, endOffset] of ends.entries()) {
      if (endOffset === this.#produced[partition]) continue;
      this.#produced[partition] = endOffset;
      this.history.recorder.record({ type: 'produced', partition, endOffset });
    }
  }
}
