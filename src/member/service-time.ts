import { nowMs } from '../time/clock.ts';
import { pauseThread } from '../time/pause-thread.ts';

/** Longest single sleep: terminate() ends a sleep at once, but a clock step or a suspended laptop must not. */
const sleepMsMax = 50;

/**
 * Simulates the downstream call of each record: the thread sleeps, as in a synchronous call, and
 * uses no CPU. Time that one batch oversleeps is deducted from the next, so that the long-term rate
 * is exact.
 */
export class ServiceTime {
  readonly #workMs: number;
  #oversleptMs = 0;

  /** @param workUs - service time a record, microseconds, 0 for none */
  constructor(workUs: number) {
    this.#workMs = workUs / 1_000;
  }

  /** Blocks this thread until `records` records were served one after the other. */
  serve(records: number): void {
    if (this.#workMs === 0) return;
    const dueAtMs = nowMs() + records * this.#workMs - this.#oversleptMs;
    let leftMs = dueAtMs - nowMs();
    while (leftMs > 0) {
      pauseThread(Math.min(leftMs, sleepMsMax));
      leftMs = dueAtMs - nowMs();
    }
    this.#oversleptMs = -leftMs;
  }
}
