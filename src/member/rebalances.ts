import type { RebalanceEvent } from '../kafka/native/consumer.ts';
import { nowMs } from '../time/clock.ts';

/**
 * Rebalances that a member has heard of, in their order. One that takes partitions away waits for the answer to a commit
 * that is in flight, because what a former owner commits must not come after what the next owner does.
 */
export class Rebalances {
  readonly #waitMsMax: number;
  readonly #heard: { readonly event: RebalanceEvent; readonly beforeMs: number }[] = [];

  constructor(waitMsMax: number) {
    this.#waitMsMax = waitMsMax;
  }

  hear(event: RebalanceEvent): void {
    this.#heard.push({ event, beforeMs: nowMs() + this.#waitMsMax });
  }

  /** Those that need not wait, to be carried out before the next is asked for. @param inFlight - whether a commit is */
  *due(inFlight: () => boolean): Generator<RebalanceEvent> {
    for (let next = this.#heard[0]; next !== undefined; next = this.#heard[0]) {
      const { event, beforeMs } = next;
      // Lost partitions can no longer be committed.
      if (event.type === 'revoke' && !event.lost && inFlight() && nowMs() < beforeMs) return;
      this.#heard.shift();
      yield event;
    }
  }
}
