import type { ThroughputOverTime } from './run-outcome.ts';

const sliceMs = 500;

/** Sums records over time. */
export class ThroughputRecorder {
  readonly #records: number[] = [];
  #startMs = Infinity;

  /** @param atMs - beginning of the first slice, time/clock.ts; what was before it is not recorded */
  start(atMs: number): void {
    this.#startMs = atMs;
  }

  add(atMs: number, records: number): void {
    if (atMs < this.#startMs) return;
    const slice = Math.floor((atMs - this.#startMs) / sliceMs);
    while (this.#records.length <= slice) this.#records.push(0);
    this.#records[slice] = (this.#records[slice] ?? 0) + records;
  }

  get overTime(): ThroughputOverTime {
    return { sliceMs, records: this.#records };
  }
}
