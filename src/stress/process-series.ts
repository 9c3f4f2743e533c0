import { requestMsMax } from '../config/consumer-properties.ts';
import { nowMs } from '../time/clock.ts';
import { collectGarbage, processFigures } from './process-figures.ts';
import { sleep } from '../time/sleep.ts';
import type { HygieneFigures } from '../verify/check.ts';
import { excesses, lowestOf } from '../verify/checks/hygiene.ts';

/**
 * The proxy's connections end shortly after their clients, and clients end when all requests,
 * including repeated ones, are answered. Whatever lasts longer has leaked.
 */
const settleMsMax = 3 * requestMsMax;
/** Wait for a few extra descriptors, for which a single run is not judged. */
const descriptorsMsMax = 3_000;
const lookMs = 50;
/** Number of runs to remember, the most recent ones: a soak may have thousands. */
const runsMax = 64;

/** Resources of this process before the first run of a stress test, and after each run. */
export class ProcessSeries {
  readonly #after: HygieneFigures[] = [];
  #before: HygieneFigures | undefined;

  /** Call it before each run creates its group; only the first call counts. */
  async begin(): Promise<void> {
    await collectGarbage();
    this.#before ??= processFigures();
  }

  /**
   * Waits until the threads, clients and descriptors of the ended run are gone, for a bounded time.
   * @param tables - tables of the ended run that are still in use
   * @returns undefined where these figures are not available
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

/** How long to wait for resources that end without intervention; 0 when no wait is needed. */
function waitMsOf(
  before: HygieneFigures,
  earlier: readonly HygieneFigures[],
  after: HygieneFigures | undefined,
): number {
  if (after === undefined) return 0;
  // Memory in use is known only after a garbage collection, so waiting does not help.
  if (excesses({ before, earlier, after }).some(({ name }) => name !== 'liveMib')) return settleMsMax;
  return after.fileDescriptors > lowestOf('fileDescriptors', { before, earlier }) ? descriptorsMsMax : 0;
}
