import { requestMsMax } from '../config/consumer-properties.ts';
import { nowMs } from '../metrics/clock.ts';
import { collectGarbage, processFigures } from '../metrics/process-figures.ts';
import { sleep } from '../metrics/sleep.ts';
import type { HygieneFigures } from '../verify/check.ts';
import { excesses, lowestOf } from '../verify/checks/hygiene.ts';

/**
 * Connections of the proxy end a moment after what they were for, clients when no request is unanswered any more, repeated
 * ones included. What leaked stays longer than any of them.
 */
const settleMsMax = 3 * requestMsMax;
/** For a few descriptors that one run alone is not judged by. */
const descriptorsMsMax = 3_000;
const lookMs = 50;
/** Runs remembered, the last ones: a soak may have thousands. */
const runsMax = 64;

/** What was alive in this process before the first run of a stress test, and after each. */
export class ProcessSeries {
  readonly #after: HygieneFigures[] = [];
  #before: HygieneFigures | undefined;

  /** To be called before each run's group is made; the first call counts. */
  async begin(): Promise<void> {
    await collectGarbage();
    this.#before ??= processFigures();
  }

  /**
   * Waits until the ended run's threads, clients and descriptors are gone, for a bounded time.
   * @param tables - of the ended run, which are still in use
   * @returns undefined where there are no such figures
   */
  async add(
    tables: number,
  ): Promise<{ before: HygieneFigures; earlier: readonly HygieneFigures[]; after: HygieneFigures } | undefined> {
    const before = this.#before;
    if (before === undefined) return undefined;
    const earlier = [...this.#after];
    const startMs = nowMs();
    while (nowMs() - startMs < waitMsOf(before, earlier, processFigures())) await sleep(lookMs);
    await collectGarbage();
    const figures = processFigures();
    if (figures === undefined) return undefined;
    const after = { ...figures, reservations: figures.reservations - tables };
    this.#after.push(after);
    if (this.#after.length > runsMax) this.#after.shift();
    return { before, earlier, after };
  }
}

/** How long to wait for what ends by itself: 0 when there is nothing left to wait for. */
function waitMsOf(
  before: HygieneFigures,
  earlier: readonly HygieneFigures[],
  after: HygieneFigures | undefined,
): number {
  if (after === undefined) return 0;
  // Memory in use is known only after a collection, which waiting does not bring.
  if (excesses({ before, earlier, after }).some(({ name }) => name !== 'liveMib')) return settleMsMax;
  return after.fileDescriptors > lowestOf('fileDescriptors', { before, earlier }) ? descriptorsMsMax : 0;
}
