import { WordcountError } from '../errors.ts';
import { nowMs } from './clock.ts';
import { sleep } from './sleep.ts';

export interface WaitOptions {
  readonly timeoutMs: number;
  readonly signal?: AbortSignal;
}

export interface ProgressOptions extends WaitOptions {
  /** With it, `timeoutMs` limits the time without any change of this number. */
  readonly progress?: () => number;
}

/**
 * Polls, because the state is in shared memory, which cannot wake a waiter; a check costs
 * microseconds.
 */
const pollMs = 5;

/**
 * @param condition - may throw, to end the wait with its error
 * @param what - says what has not happened, for the error
 * @throws WordcountError timeout when the condition does not hold in time; the signal's reason when it is aborted
 */
export async function waitUntil(
  condition: () => boolean,
  { timeoutMs, signal, progress }: ProgressOptions,
  what: () => string,
): Promise<void> {
  let deadlineMs = nowMs() + timeoutMs;
  let last = progress?.();
  while (!condition()) {
    signal?.throwIfAborted();
    const now = progress?.();
    if (now !== last) deadlineMs = nowMs() + timeoutMs;
    last = now;
    if (nowMs() > deadlineMs) {
      throw new WordcountError('timeout', `${what()} (after ${Math.round(timeoutMs / 1_000)} s)`);
    }
    await sleep(pollMs);
  }
}
