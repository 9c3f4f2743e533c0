import assert from 'node:assert';
import { durableCommitMsMax } from '../config/consumer-properties.ts';
import type { BatchConsumer, Position } from '../kafka/native/consumer.ts';
import { TransactionError } from '../kafka/native/transaction-error.ts';
import type { TransactionalProducer } from '../kafka/native/transactional-producer.ts';
import type { OwnedPartition } from './owned-partition.ts';
import type { MemberCommits, NextOffset } from './commits.ts';
import { ChangelogRows } from './changelog-rows.ts';
import { CommitProgress, interrupted, isInterruption } from './commit-progress.ts';

export interface DurableClient {
  readonly producer: Pick<
    TransactionalProducer,
    | 'initialise'
    | 'begin'
    | 'produce'
    | 'poll'
    | 'queued'
    | 'delivered'
    | 'lastOffset'
    | 'sendOffsets'
    | 'commit'
    | 'abort'
  >;
  readonly consumer: BatchConsumer;
  /** Identifies this thread's commits in the changelog: a random positive integer. */
  readonly writer: number;
}

export interface DurableCommitsOptions extends DurableClient {
  readonly intervalMs: number;
  readonly changedWordsMax?: number;
  /** Monotonic, in milliseconds. */
  readonly clock: () => number;
  /** The assignment's own map: index is the partition. */
  readonly owned: ReadonlyMap<number, OwnedPartition>;
}

/** One partition's part of a commit. */
interface Part extends Position {
  readonly owned: OwnedPartition;
}

type Phase =
  /** The member has not joined the group, or the coordinator has not given a producer id yet. */
  | { readonly type: 'initialising' }
  | { readonly type: 'idle' }
  /** Changed words and progress go to the client, as its queue has room. */
  | { readonly type: 'producing'; readonly parts: readonly Part[]; readonly rows: ChangelogRows }
  /** The brokers acknowledge them. */
  | { readonly type: 'delivering'; readonly parts: readonly Part[] }
  | { readonly type: 'sendingOffsets'; readonly parts: readonly Part[] }
  | { readonly type: 'committing'; readonly parts: readonly Part[] }
  | { readonly type: 'aborting'; readonly cause: TransactionError };

/**
 * Limit of changed words that are not committed; at half of it a commit begins. Words are counted
 * faster than committed: without it each commit of new words takes longer than the one before.
 */
const changedWordsMaxByDefault = 1_000_000;
/** After an aborted transaction, before the next one. */
const retryMs = 100;
/** Phases that wait for a coordinator, and for what. */
const waitsFor: Readonly<Partial<Record<Phase['type'], string>>> = {
  sendingOffsets: 'offsets',
  committing: 'end',
  aborting: 'abort',
};

/**
 * Commits counts and consumed offsets in one transaction per member: begin, produce, wait until
 * everything is in the log, send the offsets, commit. The offsets come last because the coordinator
 * refuses them from a former owner: when it accepts them, the changelog already holds everything
 * that the next owner reads. Counting continues while brokers work.
 *
 * An aborted transaction is repeated with everything that has changed since the last completed one.
 * Any other failure ends the member: only the changelog shows how its transaction ended.
 */
export class DurableCommits implements MemberCommits {
  readonly #options: DurableCommitsOptions;
  #phase: Phase = { type: 'initialising' };
  readonly #progress: CommitProgress;
  readonly #changedWordsMax: number;
  #commit = 0;
  #nextMs: number;
  /** No transaction begins before this, even while partitions wait to be released. */
  #retryMs = -Infinity;

  constructor(options: DurableCommitsOptions) {
    this.#options = options;
    this.#progress = new CommitProgress(options.clock);
    this.#changedWordsMax = options.changedWordsMax ?? changedWordsMaxByDefault;
    this.#nextMs = options.clock() + options.intervalMs;
  }

  readonly releaseMsMax = durableCommitMsMax;

  get advancedMs(): number {
    return this.#progress.advancedMs;
  }

  readonly mayCount = (hurry: boolean): boolean => !hurry && this.#changed < this.#changedWordsMax;

  /** Everything that these partitions have counted is committed. */
  readonly mayRelease = (partitions: readonly number[]): boolean => {
    const inFlight = 'parts' in this.#phase ? this.#phase.parts : [];
    return partitions.every((partition) => {
      const owned = this.#options.owned.get(partition);
      if (owned === undefined) return true;
      return !hasChanged(owned) && inFlight.every((part) => part.partition !== partition);
    });
  };

  /**
   * Takes all steps that need not wait.
   * @throws TransactionError; ClusterError commitInterrupted when a coordinator does not answer
   */
  run(_progress: () => readonly NextOffset[], hurry: boolean): void {
    let before: Phase;
    do {
      before = this.#phase;
      try {
        this.#step(hurry);
      } catch (error) {
        // Why it had to be aborted says more than why that failed, unless the group has moved on.
        if (before.type === 'aborting') throw isInterruption(error) ? error : before.cause;
        if (!mayRepeat(error)) throw error;
        this.#phase = { type: 'aborting', cause: error };
        this.#progress.aborted();
      }
      if (this.#phase !== before) this.#progress.phaseBegun();
    } while (this.#phase !== before);
    this.#progress.look(this.#options.producer.delivered);
    const awaited = waitsFor[this.#phase.type];
    if (awaited !== undefined) this.#progress.requireAnswer(awaited);
  }

  /** @throws ClusterError commitInterrupted when they could not be committed in time */
  commit(progress: readonly NextOffset[]): void {
    if (this.mayRelease(progress.map(({ partition }) => partition))) return;
    const seconds = durableCommitMsMax / 1_000;
    throw interrupted(`its last commit before a hand-over made no progress for ${seconds} s`);
  }

  /** @throws ClusterError commitInterrupted when a transaction of them is open: it must not be continued */
  forget(partitions: readonly number[]): void {
    if (!('parts' in this.#phase) || !this.#phase.parts.some(({ partition }) => partitions.includes(partition))) return;
    throw interrupted('a rebalance took away its partitions during a commit');
  }

  /** The consumer commits nothing in a durable group. */
  onAnswer(): void {
    assert.fail('offsets were committed outside of a transaction');
  }

  #step(hurry: boolean): void {
    const { producer, consumer } = this.#options;
    const phase = this.#phase;
    producer.poll();
    switch (phase.type) {
      case 'initialising':
        // A static member fences the producer of its predecessor, which may be alive until the group
        // has replaced it.
        if (consumer.generation() > 0 && producer.initialise()) this.#phase = { type: 'idle' };
        return;
      case 'idle':
        if (this.#options.clock() >= this.#dueMs(hurry)) this.#begin();
        return;
      case 'producing':
        if (phase.rows.produceTo(producer)) this.#phase = { type: 'delivering', parts: phase.parts };
        return;
      case 'delivering':
        if (producer.queued === 0) this.#phase = { type: 'sendingOffsets', parts: phase.parts };
        return;
      case 'sendingOffsets':
        if (producer.sendOffsets(consumer, phase.parts)) this.#phase = { type: 'committing', parts: phase.parts };
        return;
      case 'committing':
        if (producer.commit()) this.#completed(phase.parts);
        return;
      case 'aborting':
        if (!producer.abort()) return;
        this.#retryMs = this.#options.clock() + retryMs;
        this.#nextMs = this.#retryMs;
        this.#phase = { type: 'idle' };
    }
  }

  #dueMs(hurry: boolean): number {
    return hurry || this.#changed >= this.#changedWordsMax / 2 ? this.#retryMs : this.#nextMs;
  }

  /** Changed words that are not committed. */
  get #changed(): number {
    let changed = 0;
    for (const { cells } of this.#options.owned.values()) changed += cells?.changed ?? 0;
    return changed;
  }

  #begin(): void {
    const { clock, intervalMs, owned, producer, consumer, writer } = this.#options;
    this.#nextMs = clock() + intervalMs;
    const changed = [...owned.values()].filter(hasChanged);
    if (changed.length === 0) return;
    this.#commit += 1;
    producer.begin();
    const parts = changed.map((each) => ({
      owned: each,
      partition: each.partition,
      offset: each.writer.nextOffset,
    }));
    for (const { owned: each, offset } of parts) {
      each.cells?.begin();
      if (each.cells === undefined) continue;
      each.cells.flightWriter = writer;
      each.cells.flightCommit = this.#commit;
      each.cells.flightNextOffset = offset;
    }
    const rows = new ChangelogRows(changed, { writer, commit: this.#commit, topicId: knownId(consumer.topicId()) });
    this.#phase = { type: 'producing', parts, rows };
  }

  #completed(parts: readonly Part[]): void {
    for (const { owned, partition, offset } of parts) {
      const { cells } = owned;
      if (cells === undefined) continue;
      cells.committedNextOffset = offset;
      cells.changelogOffset = this.#options.producer.lastOffset(partition) + 1;
      cells.completed();
      cells.flightWriter = 0;
    }
    this.#progress.completed();
    this.#phase = { type: 'idle' };
  }
}

/** A missing right does not come back by repetition. */
function mayRepeat(error: unknown): error is TransactionError {
  return error instanceof TransactionError && error.outcome === 'abort' && error.code !== 'accessDenied';
}

function hasChanged({ cells, writer }: OwnedPartition): boolean {
  return cells !== undefined && (cells.changed > 0 || writer.nextOffset !== cells.committedNextOffset);
}

/** @param topicId - empty when the brokers report none; null has ended the member before */
function knownId(topicId: string | null): string | undefined {
  return topicId === null || topicId === '' ? undefined : topicId;
}
