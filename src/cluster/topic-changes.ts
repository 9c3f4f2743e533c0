import type { GroupObserver } from '../kafka/kafkajs/group-observer.ts';
import { sleep } from '../time/sleep.ts';
import { fromErrorReport, toClusterError, toErrorReport, ClusterError } from '../errors.ts';
import type { PartitionOffsets } from '../kafka/cluster-facts.ts';
import type { MemberId, Partition } from '../protocol/ids.ts';
import type { SharedTables } from '../protocol/member-task.ts';
import type { MemberMessage } from '../protocol/messages.ts';
import { untilAnswered } from './lasting-trouble.ts';
import { cutError, judgeOutOfRange, lostError, type LostRecords } from './lost-records.ts';
import type { Roster } from './roster.ts';
import type { ClusterEvent, SupervisorOptions } from './supervisor-options.ts';
import type { TableRegistry } from './table-registry.ts';
import { TopicPoller } from './topic-poller.ts';

export interface AddedTables extends SharedTables {
  readonly firstPartition: Partition;
}

export interface TopicChangesOptions {
  readonly group: Pick<SupervisorOptions, 'topic' | 'topicId' | 'endOffsets' | 'onTruncation'>;
  readonly observer: GroupObserver;
  readonly tables: TableRegistry;
  /** Receivers of new tables and of offsets to resume at. */
  readonly roster: Roster;
  readonly signal: AbortSignal;
  readonly emit: (event: ClusterEvent) => void;
  /** Tables were created for partitions that were added to the topic. */
  readonly onTables: (added: AddedTables) => void;
  readonly onFailure: (error: ClusterError) => void;
}

type OutOfRange = Extract<MemberMessage, { type: 'outOfRange' }>;

const retryMs = 500;
/** A group may make no progress for this long after the brokers have denied it the topic. */
const deniedMs = 10_000;

/**
 * Handles changes to a topic while a group counts it: added partitions, recreation, deleted
 * records.
 */
export class TopicChanges {
  readonly #options: TopicChangesOptions;
  readonly #poller: TopicPoller;
  #isDenied = false;
  readonly #lost = new Map<string, LostRecords>();
  /** Notices about problems that may pass. */
  readonly #onTrouble = (error: ClusterError): void => {
    this.#options.emit({ type: 'topicTrouble', error: toErrorReport(error) });
  };

  constructor(options: TopicChangesOptions) {
    const { group, observer, tables } = options;
    this.#options = options;
    this.#poller = new TopicPoller({
      topic: group.topic,
      topicId: group.topicId,
      partitions: () => tables.buffers.length,
      identities: () => observer.topicIdentities(group.topic),
      onGrown: (partitions) => {
        this.#ensureTables(partitions);
      },
      onTrouble: this.#onTrouble,
      onGone: options.onFailure,
    });
  }

  /** Records deleted before they were counted, so far. */
  get lost(): readonly LostRecords[] {
    return [...this.#lost.values()];
  }

  /** Checks that the topic is still the same one; reports a change by `onFailure`. */
  async lookNow(): Promise<void> {
    try {
      await this.#poller.lookNow();
    } catch (error) {
      // Unreachable brokers do not make a count invalid.
      if (!(error instanceof ClusterError && error.code === 'brokerUnavailable')) throw error;
    }
  }

  stop(): void {
    this.#poller.stop();
  }

  /** Receives every message of a member, and reacts to those that concern the topic. */
  onMessage(message: MemberMessage): void {
    // A member may be assigned a new partition before the supervisor knows of it.
    if (message.type === 'assigned') for (const each of message.waiting) this.#ensureTables(each + 1);
    if (message.type === 'notice' && message.error.code === 'accessDenied')
      void this.#denied(fromErrorReport(message.error));
    if (message.type === 'outOfRange') void this.#outOfRange(message);
  }

  #ensureTables(partitions: number): void {
    const { tables } = this.#options;
    const first = tables.buffers.length;
    if (partitions <= first) return;
    tables.addTo(partitions);
    const added = { tables: tables.buffers.slice(first), durableCells: tables.durableCells.slice(first) };
    for (const handle of this.#options.roster.all) {
      handle.post({ type: 'tablesAdded', firstPartition: first as Partition, ...added });
    }
    this.#options.onTables({ firstPartition: first as Partition, ...added });
    this.#options.emit({ type: 'partitionsAdded', partitions });
  }

  /**
   * The brokers do not have the next offset of a member: finds the reason, and either sends the
   * member an offset to resume at or fails the group.
   */
  async #outOfRange({ memberId, partition, nextOffset }: OutOfRange): Promise<void> {
    const { group, onFailure } = this.#options;
    try {
      const offsets = await this.#offsetsOf(partition);
      if (offsets === undefined) return;
      const endOffset = group.endOffsets === undefined ? Infinity : (group.endOffsets[partition] ?? 0);
      const verdict = judgeOutOfRange(nextOffset, offsets, endOffset);
      switch (verdict.type) {
        case 'there':
          this.#resumeAt(memberId, partition, nextOffset);
          break;
        case 'cut':
          // The topic was probably recreated, which its id shows more reliably than its end offset.
          await this.lookNow();
          onFailure(cutError(group.topic, partition, nextOffset, verdict.endOffset));
          break;
        case 'lost':
          this.#report(memberId, verdict.lost);
          this.#afterLoss(memberId, verdict.lost);
      }
    } catch (error) {
      onFailure(toClusterError(error));
    }
  }

  #afterLoss(memberId: MemberId, lost: LostRecords): void {
    const { group, onFailure } = this.#options;
    switch (group.onTruncation) {
      case 'continue':
        this.#resumeAt(memberId, lost.partition, lost.lastOffset + 1);
        return;
      case 'stop':
      case undefined:
        onFailure(lostError(group.topic, lost));
    }
  }

  /** @returns undefined when the group has ended */
  #offsetsOf(partition: Partition): Promise<PartitionOffsets | undefined> {
    const { observer, signal, group, onFailure } = this.#options;
    const reports = { onTrouble: this.#onTrouble, onLasting: onFailure };
    return untilAnswered(() => observer.partitionOffsets(group.topic, partition), { ...reports, signal, retryMs });
  }

  /**
   * A member is not authorized to read the topic. Its client reports that only once, so the group
   * would wait forever; but access may be restored.
   */
  async #denied(error: ClusterError): Promise<void> {
    const { tables, signal, onFailure } = this.#options;
    if (this.#isDenied) return;
    this.#isDenied = true;
    const before = tables.nextOffsets().join();
    await sleep(deniedMs, undefined, { signal, ref: false }).catch(() => undefined);
    this.#isDenied = false;
    if (!signal.aborted && tables.nextOffsets().join() === before) onFailure(error);
  }

  #resumeAt(memberId: MemberId, partition: Partition, nextOffset: number): void {
    this.#options.roster.find(memberId)?.post({ type: 'resumeAt', partition, nextOffset });
  }

  /** Several members may report the same range. */
  #report(memberId: MemberId, lost: LostRecords): void {
    const key = `${lost.partition}:${lost.firstOffset}`;
    const isNew = !this.#lost.has(key);
    this.#lost.set(key, lost);
    if (isNew) this.#options.emit({ type: 'recordsLost', memberId, ...lost });
  }
}
