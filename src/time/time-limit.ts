import { nowMs } from './clock.ts';
import { sleep } from './sleep.ts';
import { untilAborted } from './until-aborted.ts';

/**
 * A signal that is aborted after a time, or together with another signal. AbortSignal.any over
 * AbortSignal.timeout is not used: once the latter has been garbage-collected, neither is ever
 * aborted (Node 20).
 * @returns the signal, and a function that removes the timer
 */
export function timeLimit(
  ms: number,
  signal: AbortSignal,
): { readonly signal: AbortSignal; readonly clear: () => void } {
  const limit = new AbortController();
  const cleared = new AbortController();
  const clear = (): void => {
    cleared.abort();
    signal.removeEventListener('abort', abort);
  };
  const abort = (): void => {
    clear();
    limit.abort();
  };
  sleep(ms, undefined, { signal: cleared.signal }).then(abort, () => undefined);
  signal.addEventListener('abort', abort);
  if (signal.aborted) abort();
  return { signal: limit.signal, clear };
}

/**
 * Returns the result of `action`, or fails when `deadlineMs` (a time of time/clock.ts) comes first.
 * The action is not cancelled: end what it waits for.
 * @throws the signal's reason when it is aborted; the action does not begin after that
 */
export async function within<T>(deadlineMs: number, action: () => Promise<T>, signal?: AbortSignal): Promise<T> {
  signal?.throwIfAborted();
  const timer = new AbortController();
  const timeUp = sleep(Math.max(0, deadlineMs - nowMs()), undefined, timer).then(() => {
    throw new Error('time is up');
  });
  try {
    return await untilAborted(Promise.race([action(), timeUp]), signal);
  } finally {
    timer.abort();
    timeUp.catch(() => undefined);
  }
}
