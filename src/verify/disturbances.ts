import type { FaultScope, HistoryEvent } from '../history/event.ts';

/**
 * Time after a fault that holds up all members: leaders are elected and coordinators are found
 * again.
 */
const settleMs = 10_000;

/** True when a fault may hold up partitions whose owner it is not aimed at. */
const holdsUpAll: Readonly<Record<FaultScope, boolean>> = {
  member: false,
  network: true,
  broker: true,
  topic: true,
  process: true,
};

/** The faults in progress that may hold up partitions whose owner they are not aimed at. */
export class Disturbances {
  readonly #active = new Set<number>();
  #settledAtMs = -Infinity;

  add(event: HistoryEvent): void {
    switch (event.type) {
      case 'faultBegun':
        if (holdsUpAll[event.scope]) this.#active.add(event.index);
        break;
      case 'faultEnded':
        if (this.#active.delete(event.index)) this.#settledAtMs = event.atMs + settleMs;
        break;
      default:
        break;
    }
  }

  /** The earliest time from which bounds hold: Infinity while such a fault lasts. */
  get settledAtMs(): number {
    return this.#active.size > 0 ? Infinity : this.#settledAtMs;
  }
}
