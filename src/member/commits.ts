import type { BatchConsumer } from '../kafka/consumer.ts';
import type { MemberHistory } from '../history/member-history.ts';
import { nowMs } from '../metrics/clock.ts';

interface Progress {
  readonly partition: number;
  readonly nextOffset: number;
}

export type CommittingClient = Pick<BatchConsumer, 'commit'>;

/**
 * Lets the group's committed offsets follow the tables. Within the process the table's nextOffset is the truth, so a
 * commit is never waited for and one that fails is repeated by the next.
 */
export class Commits {
  readonly #consumer: CommittingClient;
  readonly #intervalMs: number;
  readonly #history: MemberHistory | undefined;
  readonly #committed = new Map<number, number>();
  #lastMs = nowMs();

  constructor(consumer: CommittingClient, intervalMs: number, history?: MemberHistory) {
    this.#consumer = consumer;
    this.#intervalMs = intervalMs;
    this.#history = history;
  }

  /** Commits what moved since the last commit, when the interval is over. */
  maybeCommit(progress: () => readonly Progress[]): void {
    const atMs = nowMs();
    if (atMs - this.#lastMs < this.#intervalMs) return;
    this.#lastMs = atMs;
    this.commit(progress());
  }

  /** Commits what moved since the last commit of each partition. */
  commit(progress: readonly Progress[]): void {
    const moved = progress.filter(({ partition, nextOffset }) => this.#committed.get(partition) !== nextOffset);
    if (moved.length === 0) return;
    // Before the call: the client may refuse at once, and onFailed comes from within.
    for (const { partition, nextOffset } of moved) this.#committed.set(partition, nextOffset);
    for (const { partition, nextOffset } of moved) this.#history?.commit('commitSent', partition, nextOffset);
    this.#consumer.commit(moved.map(({ partition, nextOffset }) => ({ partition, offset: nextOffset })));
  }

  /** The partition is somebody else's now: the next time it comes, commit from scratch. */
  forget(partition: number): void {
    this.#committed.delete(partition);
  }

  /** Kafka refused or lost a commit: whatever stands in the tables is committed again. */
  onFailed(): void {
    this.#committed.clear();
  }
}
