import type { RebalanceEvent } from '../kafka/native/consumer.ts';

/**
 * Rebalances that the client has delivered, in their order. A revocation waits for the answer to a
 * commit that is in flight, because a former owner must not commit after the next owner.
 */
export class Rebalances {
  readonly #waitMsMax: number;
  readonly #clock: () => number;
  readonly #queue: { readonly event: RebalanceEvent; readonly deadlineMs: number }[] = [];

  /** @param clock - monotonic, in milliseconds */
  constructor(waitMsMax: number, clock: () => number) {
    this.#waitMsMax = waitMsMax;
    this.#clock = clock;
  }

  add(event: RebalanceEvent): void {
    this.#queue.push({ event, deadlineMs: this.#clock() + this.#waitMsMax });
  }

  /** A revocation waits, and with it all later events. */
  get isWaiting(): boolean {
    return this.#queue.length > 0;
  }

  /**
   * The rebalances that need not wait. Perform each before you ask for the next.
   * @param mayRelease - whether nothing is in flight that concerns the partitions
   */
  *due(mayRelease: (partitions: readonly number[]) => boolean): Generator<RebalanceEvent> {
    for (let next = this.#queue[0]; next !== undefined; next = this.#queue[0]) {
      const { event, deadlineMs } = next;
      // Lost partitions can no longer be committed: the member is out of the group, and with a loss
      // it also loses what it was to release before.
      const lost = event.type === 'revoke' && this.#queue.some((later) => later.event.lost);
      const mayWait = event.type === 'revoke' && !lost && this.#clock() < deadlineMs;
      if (mayWait && !mayRelease(event.partitions)) return;
      this.#queue.shift();
      yield lost ? { ...event, lost } : event;
    }
  }
}
