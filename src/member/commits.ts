import { setImmediate as yieldToEvents } from 'node:timers/promises';
import type { BatchConsumer, CommitResult } from '../kafka/native/consumer.ts';
import type { MemberHistory } from '../history/member-history.ts';
import { nowMs } from '../time/clock.ts';

interface Progress {
  readonly partition: number;
  readonly nextOffset: number;
}

export type CommittingClient = Pick<BatchConsumer, 'commit'>;

/**
 * Lets the group's committed offsets follow the tables. Within the process the table's nextOffset is the truth, so counting
 * never waits for a commit and one that fails is repeated by the next.
 *
 * One at a time: while the coordinator is away the client keeps commits back and sends them later, behind newer ones, so
 * that the committed offset would move backwards and stay there.
 */
export class Commits {
  readonly #consumer: CommittingClient;
  readonly #intervalMs: number;
  readonly #history: MemberHistory | undefined;
  readonly #committed = new Map<number, number>();
  #lastMs = nowMs();
  #unanswered = 0;

  constructor(consumer: CommittingClient, intervalMs: number, history?: MemberHistory) {
    this.#consumer = consumer;
    this.#intervalMs = intervalMs;
    this.#history = history;
  }

  /** Kafka has not answered the last commit. */
  get inFlight(): boolean {
    return this.#unanswered > 0;
  }

  /** Commits what moved since the last commit, when that was answered and the interval is over. */
  maybeCommit(progress: () => readonly Progress[]): void {
    if (this.inFlight) return;
    const atMs = nowMs();
    if (atMs - this.#lastMs < this.#intervalMs) return;
    this.#lastMs = atMs;
    this.commit(progress());
  }

  /** Commits what moved since the last commit of each partition. To be called when none is in flight, or none is answered. */
  commit(progress: readonly Progress[]): void {
    const moved = progress.filter(({ partition, nextOffset }) => this.#committed.get(partition) !== nextOffset);
    if (moved.length === 0) return;
    // Before the call: the client may refuse at once, and onAnswer comes from within.
    this.#unanswered += 1;
    for (const { partition, nextOffset } of moved) this.#committed.set(partition, nextOffset);
    for (const { partition, nextOffset } of moved) this.#history?.commit('commitSent', partition, nextOffset);
    this.#consumer.commit(moved.map(({ partition, nextOffset }) => ({ partition, offset: nextOffset })));
  }

  /**
   * Resolves when no commit is pending, or at `endMs`.
   * @param poll - makes the client deliver its answers to this thread's loop
   */
  async answered(endMs: number, poll: () => void): Promise<void> {
    while (this.inFlight && nowMs() < endMs) {
      poll();
      await yieldToEvents();
    }
  }

  /**
   * The partition belongs to another member now; when it is assigned again, commits start from
   * scratch.
   */
  forget(partition: number): void {
    this.#committed.delete(partition);
  }

  /** Commits the current next offsets again after Kafka has rejected or lost a commit. */
  onAnswer({ error, positions }: CommitResult): void {
    this.#unanswered -= 1;
    const type = error === undefined ? 'commitOk' : 'commitFailed';
    for (const { partition, offset } of positions) this.#history?.commit(type, partition, offset);
    if (error !== undefined) this.#committed.clear();
  }
}
