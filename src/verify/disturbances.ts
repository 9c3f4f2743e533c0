import type { HistoryEvent } from '../history/event.ts';

/** After a fault that holds everybody up: until leaders are elected and coordinators are found again. */
const settleMs = 10_000;

/** Faults that may hold up partitions whose owner is well: those of every scope but `member`. */
export class Disturbances {
  readonly #active = new Set<number>();
  #settledAtMs = -Infinity;

  add(event: HistoryEvent): void {
    if ((event.type !== 'faultBegun' && event.type !== 'faultEnded') || event.scope === 'member') return;
    if (event.type === 'faultBegun') this.#active.add(event.index);
    else if (this.#active.delete(event.index)) this.#settledAtMs = event.atMs + settleMs;
  }

  /** From when on, at the earliest, bounds hold: Infinity while a fault goes on. */
  get settledAtMs(): number {
    return this.#active.size > 0 ? Infinity : this.#settledAtMs;
  }
}
