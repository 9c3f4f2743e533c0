import { ClusterError } from '../errors.ts';
import { nowMs } from './clock.ts';
import { durationWords } from './duration-words.ts';
import { sleep } from './sleep.ts';

export interface WaitOptions {
  readonly timeoutMs: number;
  /** The option that sets the limit, for the error: `--deadline`. */
  readonly timeoutOption?: string;
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
 * @param what - describes the missing event, for the error message; receives the limit, `within 5 s`
 * @throws ClusterError timeout when the condition does not hold in time; the signal's reason when
 * it is aborted
 */
export async function waitUntil(
  condition: () => boolean,
  { timeoutMs, timeoutOption, signal, progress }: ProgressOptions,
  what: (limit: string) => string,
): Promise<void> {
  let deadlineMs = nowMs() + timeoutMs;
  let last = progress?.();
  while (!condition()) {
    signal?.throwIfAborted();
    const now = progress?.();
    if (now !== last) deadlineMs = nowMs() + timeoutMs;
    last = now;
    if (nowMs() > deadlineMs) {
      const option = timeoutOption === undefined ? '' : ` (${timeoutOption})`;
      const since = progress === undefined ? '' : ' of the last progress';
      const hint = timeoutOption === undefined ? {} : { hint: `pass a longer ${timeoutOption}` };
      throw new ClusterError('timeout', what(`within ${durationWords(timeoutMs)}${option}${since}`), hint);
    }
    await sleep(pollMs);
  }
}
