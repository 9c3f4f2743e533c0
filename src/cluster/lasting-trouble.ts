import { toClusterError, type ClusterError } from '../errors.ts';
import { NoLeaderError } from '../kafka/no-leader.ts';
import { nowMs } from '../time/clock.ts';
import { sleep } from '../time/sleep.ts';

export interface LastingTroubleOptions {
  /** The first error of a spell, and every other one that follows it. */
  readonly onTrouble: (error: ClusterError) => void;
  /** It has lasted: what is being checked can't be relied on any more. Called once. */
  readonly onLasting: (error: ClusterError) => void;
}

/** A check may fail for this long: five rounds of a topic check. */
const lastsMs = 10_000;

/**
 * Handles the errors of a periodic check; none is swallowed. Each distinct error is reported once
 * per spell, and a spell that lasts too long ends the work. Only unreachable brokers, and partitions
 * whose brokers are, are tolerated without limit, as members tolerate them, too.
 */
export class LastingTrouble {
  readonly #options: LastingTroubleOptions;
  readonly #reported = new Set<string>();
  #sinceMs: number | undefined;
  #isOver = false;

  constructor(options: LastingTroubleOptions) {
    this.#options = options;
  }

  /** @param atMs - time/clock.ts */
  failed(error: ClusterError, atMs: number): void {
    if (this.#isOver) return;
    if (!this.#reported.has(error.message)) {
      this.#reported.add(error.message);
      this.#options.onTrouble(error);
    }
    if (error.code === 'brokerUnavailable' || error instanceof NoLeaderError) {
      this.#sinceMs = undefined;
      return;
    }
    this.#sinceMs ??= atMs;
    if (atMs - this.#sinceMs < lastsMs) return;
    this.#isOver = true;
    this.#options.onLasting(error);
  }

  /** The check has worked: the spell, if there was one, is over. */
  worked(): void {
    this.#sinceMs = undefined;
    this.#reported.clear();
  }
}

export interface AskOptions extends LastingTroubleOptions {
  /** Ends the repetitions. */
  readonly signal: AbortSignal;
  /** Pause between two attempts. */
  readonly retryMs: number;
}

/**
 * Repeats a request until brokers respond, as members do.
 * @returns undefined when the signal was aborted
 */
export async function untilAnswered<T>(ask: () => Promise<T>, options: AskOptions): Promise<T | undefined> {
  const { signal, retryMs } = options;
  const trouble = new LastingTrouble(options);
  while (!signal.aborted) {
    try {
      return await ask();
    } catch (error) {
      trouble.failed(toClusterError(error), nowMs());
    }
    await sleep(retryMs, undefined, { signal }).catch(() => undefined);
  }
  return undefined;
}
