import type { RebalanceEvent } from '../kafka/native/consumer.ts';
import type { MemberCommits } from './commits.ts';

/**
 * Rebalances that the client has delivered, in their order. A revocation waits for the answer to a
 * commit that is in flight, because a former owner must not commit after the next owner.
 */
export class Rebalances {
  readonly #commits: Pick<MemberCommits, 'releaseMsMax' | 'advancedMs' | 'mayRelease'>;
  readonly #clock: () => number;
  readonly #queue: { readonly event: RebalanceEvent; readonly sinceMs: number }[] = [];

  /** @param clock - monotonic, in milliseconds */
  constructor(commits: Pick<MemberCommits, 'releaseMsMax' | 'advancedMs' | 'mayRelease'>, clock: () => number) {
    this.#commits = commits;
    this.#clock = clock;
  }

  add(event: RebalanceEvent): void {
    this.#queue.push({ event, sinceMs: this.#clock() });
  }

  /** A revocation waits, and with it all later events. */
  get isWaiting(): boolean {
    return this.#queue.length > 0;
  }

  /** The rebalances that need not wait. Perform each before you ask for the next. */
  *due(): Generator<RebalanceEvent> {
    for (let next = this.#queue[0]; next !== undefined; next = this.#queue[0]) {
      const { event, sinceMs } = next;
      const { releaseMsMax, advancedMs } = this.#commits;
      // Lost partitions can no longer be committed: the member is out of the group, and with a loss
      // it also loses what it was to release before.
      const lost = event.type === 'revoke' && this.#queue.some((later) => later.event.lost);
      const mayWait = event.type === 'revoke' && !lost && this.#clock() < Math.max(sinceMs, advancedMs) + releaseMsMax;
      if (mayWait && !this.#commits.mayRelease(event.partitions)) return;
      this.#queue.shift();
      yield lost ? { ...event, lost } : event;
    }
  }
}
