import type { HistoryEvent } from '../history/event.ts';
import type { ThroughputOverTime } from './run-outcome.ts';

const sliceMs = 500;

/** Records counted over time, derived from the history. */
export class ThroughputRecorder {
  readonly #records: number[] = [];
  #startMs = Infinity;

  /** @param atMs - beginning of the first slice, time/clock.ts */
  start(atMs: number): void {
    this.#startMs = atMs;
  }

  add(event: HistoryEvent): void {
    if (event.type !== 'batchApplied' || event.atMs < this.#startMs) return;
    const slice = Math.floor((event.atMs - this.#startMs) / sliceMs);
    while (this.#records.length <= slice) this.#records.push(0);
    this.#records[slice] = (this.#records[slice] ?? 0) + event.records;
  }

  get overTime(): ThroughputOverTime {
    return { sliceMs, records: this.#records };
  }
}
