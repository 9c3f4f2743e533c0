import type { ThroughputOverTime } from '../run-outcome.ts';
import type { SeenCommit } from './changelog-state.ts';

const sliceMs = 500;

/** Records over time by the commits that a reader has seen. */
export class CommitRates {
  readonly #records: number[] = [];
  readonly #next = new Map<number, number>();
  #startMs = Infinity;

  /** @param atMs - beginning of the first slice, time/clock.ts */
  start(atMs: number): void {
    this.#startMs = atMs;
  }

  committed(partition: number, { nextOffset, seenMs }: SeenCommit): void {
    const before = this.#next.get(partition) ?? 0;
    this.#next.set(partition, nextOffset);
    if (seenMs < this.#startMs) return;
    const slice = Math.floor((seenMs - this.#startMs) / sliceMs);
    while (this.#records.length <= slice) this.#records.push(0);
    this.#records[slice] = (this.#records[slice] ?? 0) + Math.max(0, nextOffset - before);
  }

  get overTime(): ThroughputOverTime {
    return { sliceMs, records: this.#records };
  }
}
