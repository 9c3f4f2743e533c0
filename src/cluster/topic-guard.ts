import type { WordcountError } from '../errors.ts';
import type { GroupObserver } from '../kafka/group-observer.ts';
import { sleep } from '../metrics/sleep.ts';
import type { MemberId, Partition } from '../protocol/ids.ts';
import type { MemberMessage } from '../protocol/messages.ts';
import { cutError, judgeOutOfRange, lostError, type LostRecords } from './lost-records.ts';
import type { Roster } from './roster.ts';
import type { SupervisorOptions } from './supervisor-options.ts';
import type { TableRegistry } from './table-registry.ts';
import { TopicWatch } from './topic-watch.ts';

export interface TopicGuardOptions {
  readonly group: Pick<SupervisorOptions, 'topic' | 'topicId' | 'endOffsets' | 'onTruncation'>;
  readonly observer: GroupObserver;
  readonly tables: TableRegistry;
  /** Who is told of new tables, and where to go on. */
  readonly roster: Roster;
  readonly signal: AbortSignal;
  readonly onPartitions: (partitions: number) => void;
  /** Met by the member. */
  readonly onLost: (memberId: MemberId, lost: LostRecords) => void;
  readonly onFailure: (error: WordcountError) => void;
}

type OutOfRange = Extract<MemberMessage, { type: 'outOfRange' }>;

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

  /** Looks whether the topic is still the same one; says so by `onFailure` if not. */
  async lookNow(): Promise<void> {
    try {
      await this.#watch.lookNow();
    } catch {
      // No broker answers, or none that tells ids: no reason to throw away a count.
    }
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
    const added = tables.buffers.slice(first);
    for (const handle of this.#options.roster.all) {
      handle.tell({ type: 'tables', firstPartition: first as Partition, tables: added });
    }
    this.#options.onPartitions(partitions);
  }

  /** The brokers do not have what comes next for a member: finds out why, and tells the member how to go on, or ends it all. */
  async outOfRange({ memberId, partition, nextOffset }: OutOfRange): Promise<void> {
    const { observer, signal, group, onFailure } = this.#options;
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
      if (verdict.type === 'cut') await this.lookNow();
      if (verdict.type === 'cut') onFailure(cutError(group.topic, partition, nextOffset, verdict.endOffset));
      if (verdict.type === 'there') this.#goOn(memberId, partition, nextOffset);
      if (verdict.type === 'lost') {
        this.#report(memberId, verdict.lost);
        if (group.onTruncation === 'continue') this.#goOn(memberId, partition, verdict.lost.lastOffset + 1);
        else onFailure(lostError(group.topic, verdict.lost));
      }
      return;
    }
  }

  #goOn(memberId: MemberId, partition: Partition, nextOffset: number): void {
    this.#options.roster.find(memberId)?.tell({ type: 'goOn', partition, nextOffset });
  }

  /** The same range may be met by one member after the other. */
  #report(memberId: MemberId, lost: LostRecords): void {
    const key = `${lost.partition}:${lost.firstOffset}`;
    const isNew = !this.#lost.has(key);
    this.#lost.set(key, lost);
    if (isNew) this.#options.onLost(memberId, lost);
  }
}
