import { setTimeout as sleep } from 'node:timers/promises';
import type { WordcountError } from '../errors.ts';
import type { GroupObserver } from '../kafka/group-observer.ts';
import type { MemberId, Partition } from '../protocol/ids.ts';
import { cutError, judgeOutOfRange, lostError, type LostRecords } from './lost-records.ts';
import type { SupervisorOptions } from './supervisor-options.ts';
import type { TableRegistry } from './table-registry.ts';
import { TopicWatch } from './topic-watch.ts';

export interface TopicGuardOptions {
  readonly group: Pick<SupervisorOptions, 'topic' | 'topicId' | 'endOffsets' | 'onTruncation'>;
  readonly observer: GroupObserver;
  readonly tables: TableRegistry;
  readonly signal: AbortSignal;
  /** New tables are there, from the partition on: for the members. */
  readonly onTables: (firstPartition: Partition, tables: readonly SharedArrayBuffer[]) => void;
  readonly onPartitions: (partitions: number) => void;
  /** The member may go on with the partition at the offset. */
  readonly onGoOn: (memberId: MemberId, partition: Partition, nextOffset: number) => void;
  /** Met by the member. */
  readonly onLost: (memberId: MemberId, lost: LostRecords) => void;
  readonly onFailure: (error: WordcountError) => void;
}

const retryMs = 500;

/** What other people do to a topic while a group counts it: partitions added, topic made anew, records deleted. */
export class TopicGuard {
  readonly #options: TopicGuardOptions;
  readonly #watch: TopicWatch;
  readonly #lost = new Map<string, LostRecords>();

  constructor(options: TopicGuardOptions) {
    const { group, observer, tables } = options;
    this.#options = options;
    this.#watch = new TopicWatch({
      topic: group.topic,
      topicId: group.topicId,
      partitions: () => tables.buffers.length,
      ask: () => observer.topicIdentities(group.topic),
      onGrown: (partitions) => {
        this.ensureTables(partitions);
      },
      onGone: options.onFailure,
    });
  }

  /** Records deleted before they were counted, so far. */
  get lost(): readonly LostRecords[] {
    return [...this.#lost.values()];
  }

  /** See TopicWatch. */
  lookNow(): Promise<void> {
    return this.#watch.lookNow();
  }

  stop(): void {
    this.#watch.stop();
  }

  /** A member may be given a new partition before we have heard of it. */
  ensureTables(partitions: number): void {
    const { tables } = this.#options;
    const first = tables.buffers.length;
    if (partitions <= first) return;
    tables.addTo(partitions);
    this.#options.onTables(first as Partition, tables.buffers.slice(first));
    this.#options.onPartitions(partitions);
  }

  /** The brokers do not have what comes next for a member: finds out why, and tells the member how to go on, or ends it all. */
  async outOfRange(memberId: MemberId, partition: Partition, nextOffset: number): Promise<void> {
    const { observer, signal, group, onFailure, onGoOn } = this.#options;
    while (!signal.aborted) {
      const offsets = await observer.partitionOffsets(group.topic, partition).catch(() => undefined);
      if (offsets === undefined) {
        // Members wait for the brokers, too.
        await sleep(retryMs, undefined, { signal }).catch(() => undefined);
        continue;
      }
      const endOffset = group.endOffsets === undefined ? Infinity : (group.endOffsets[partition] ?? 0);
      const verdict = judgeOutOfRange(nextOffset, offsets, endOffset);
      // Most likely the topic was made anew, which its id tells better than its end.
      if (verdict.type === 'cut') await this.lookNow().catch(() => undefined);
      if (verdict.type === 'cut') onFailure(cutError(group.topic, partition, nextOffset, verdict.endOffset));
      if (verdict.type === 'there') onGoOn(memberId, partition, nextOffset);
      if (verdict.type === 'lost') {
        this.#report(memberId, verdict.lost);
        if (group.onTruncation === 'continue') onGoOn(memberId, partition, verdict.lost.lastOffset + 1);
        else onFailure(lostError(group.topic, verdict.lost));
      }
      return;
    }
  }

  /** The same range may be met by one member after the other. */
  #report(memberId: MemberId, lost: LostRecords): void {
    const key = `${lost.partition}:${lost.firstOffset}`;
    const isNew = !this.#lost.has(key);
    this.#lost.set(key, lost);
    if (isNew) this.#options.onLost(memberId, lost);
  }
}
