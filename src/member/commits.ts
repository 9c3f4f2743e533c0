import { commitAnswerMsMax } from '../config/consumer-properties.ts';
import type { BatchConsumer, CommitResult } from '../kafka/native/consumer.ts';
import type { MemberHistory } from '../history/member-history.ts';

export interface NextOffset {
  readonly partition: number;
  readonly nextOffset: number;
}

/** How a member's progress reaches Kafka. All calls are synchronous and short. */
export interface MemberCommits {
  /** A revocation waits for this: until then a former owner could commit after the next owner. */
  readonly mayRelease: (partitions: readonly number[]) => boolean;
  /** Whether records may be counted now; otherwise the member only continues its commit. */
  readonly mayCount: (hurry: boolean) => boolean;
  /** Call it in every turn. @param hurry - partitions wait to be released */
  run(progress: () => readonly NextOffset[], hurry: boolean): void;
  /** The last commit of partitions that are about to be released, except lost ones. */
  commit(progress: readonly NextOffset[]): void;
  /** The partitions are released. */
  forget(partitions: readonly number[]): void;
  /** Kafka's answer to a commit of offsets alone. */
  onAnswer(result: CommitResult): void;
  /** Longest time to wait for `mayRelease` while the commit makes no progress. */
  readonly releaseMsMax: number;
  /** When the commit in flight last made progress that extends a wait; -Infinity for never. */
  readonly advancedMs: number;
}

export type CommittingClient = Pick<BatchConsumer, 'commit'>;

export interface CommitsOptions {
  readonly intervalMs: number;
  /** Monotonic, in milliseconds. */
  readonly clock: () => number;
  readonly history?: MemberHistory | undefined;
}

/**
 * Lets the group's committed offsets follow the tables. Within the process the table's nextOffset
 * is the truth, so counting never waits for a commit, and the next commit repeats one that failed.
 *
 * One commit at a time: while the coordinator is unavailable the client holds commits back and may
 * send them after newer ones. The committed offset would then move backwards and stay there.
 */
export class Commits implements MemberCommits {
  readonly #consumer: CommittingClient;
  readonly #intervalMs: number;
  readonly #history: MemberHistory | undefined;
  readonly #committed = new Map<number, number>();
  readonly #clock: () => number;
  #lastMs: number;
  #unanswered = 0;

  constructor(consumer: CommittingClient, { intervalMs, clock, history }: CommitsOptions) {
    this.#consumer = consumer;
    this.#intervalMs = intervalMs;
    this.#history = history;
    this.#clock = clock;
    this.#lastMs = clock();
  }

  readonly releaseMsMax = commitAnswerMsMax;
  /** A commit of offsets is one request. */
  readonly advancedMs = -Infinity;
  /** Kafka has answered the last commit. */
  readonly mayRelease = (): boolean => this.#unanswered === 0;
  /** Also while a commit is in flight: its answer comes with the records. */
  readonly mayCount = (): boolean => true;

  /** Commits what moved since the last commit, if that was answered and the interval is over. */
  run(progress: () => readonly NextOffset[]): void {
    if (!this.mayRelease()) return;
    const atMs = this.#clock();
    if (atMs - this.#lastMs < this.#intervalMs) return;
    this.#lastMs = atMs;
    this.commit(progress());
  }

  /**
   * Commits what moved since the last commit of each partition. Call it when no commit is in flight,
   * or when the time to wait for its answer is over.
   */
  commit(progress: readonly NextOffset[]): void {
    const moved = progress.filter(({ partition, nextOffset }) => this.#committed.get(partition) !== nextOffset);
    if (moved.length === 0) return;
    // Before the call: the client may refuse at once and then calls onAnswer from within.
    this.#unanswered += 1;
    for (const { partition, nextOffset } of moved) this.#committed.set(partition, nextOffset);
    for (const { partition, nextOffset } of moved) this.#history?.commit('commitSent', partition, nextOffset);
    this.#consumer.commit(moved.map(({ partition, nextOffset }) => ({ partition, offset: nextOffset })));
  }

  /**
   * The partition belongs to another member now; when it is assigned again, commits start from
   * scratch.
   */
  forget(partitions: readonly number[]): void {
    for (const partition of partitions) this.#committed.delete(partition);
  }

  /** Commits the current next offsets again after Kafka has rejected or lost a commit. */
  onAnswer({ error, positions }: CommitResult): void {
    this.#unanswered -= 1;
    const type = error === undefined ? 'commitOk' : 'commitFailed';
    for (const { partition, offset } of positions) this.#history?.commit(type, partition, offset);
    if (error !== undefined) this.#committed.clear();
  }
}
