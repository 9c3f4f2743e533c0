import type { ThroughputOverTime } from './run-outcome.ts';

/** Counts of records over time, in slices of equal length. */
export class Throughput {
  readonly #records: number[] = [];
  readonly #sliceMs: number;
  readonly #timer: NodeJS.Timeout;
  #before = 0;

  /** @param records - counted so far */
  constructor(records: () => number, sliceMs = 500) {
    this.#sliceMs = sliceMs;
    this.#timer = setInterval(() => {
      const now = records();
      this.#records.push(now - this.#before);
      this.#before = now;
    }, sliceMs);
  }

  end(): ThroughputOverTime {
    clearInterval(this.#timer);
    return { sliceMs: this.#sliceMs, records: this.#records };
  }
}
