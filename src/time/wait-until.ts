import { ClusterError } from '../errors.ts';
import { nowMs } from './clock.ts';
import { sleep } from './sleep.ts';

export interface WaitOptions {
  readonly timeoutMs: number;
  readonly signal?: AbortSignal;
}

export interface ProgressOptions extends WaitOptions {
  /** If given, `timeoutMs` limits the time in which this number does not change. */
  readonly progress?: () => number;
}

/**
 * Polls, because the state is in shared memory, which cannot wake a waiter; a check costs
 * microseconds.
 */
const pollMs = 5;

/**
 * @param condition - may throw, which ends the wait with its error
 * @param what - describes the missing event, for the error message
 * @throws ClusterError timeout when the condition does not hold in time; the signal's reason when
 * it is aborted
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
      throw new ClusterError('timeout', `${what()} (after ${Math.round(timeoutMs / 1_000)} s)`);
    }
    await sleep(pollMs);
  }
}
