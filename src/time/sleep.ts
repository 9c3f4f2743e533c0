import type { TimerOptions } from 'node:timers';
import { setTimeout as sleepOnce } from 'node:timers/promises';
import { nowMs } from './clock.ts';

/** Longest delay of one Node.js timer. A longer one overflows and fires after 1 ms. */
export const timerMsMax = 2 ** 31 - 1;

/**
 * The only way to wait in this program. Accepts any delay, Infinity included; the timers of Node.js
 * accept at most 24 days.
 * @returns `value`, after `ms`
 * @throws an AbortError when `options.signal` is aborted
 */
export async function sleep<T = undefined>(ms: number, value?: T, options?: TimerOptions): Promise<T> {
  let lastMs = 0;
  for (const timerMs of timersFor(ms)) {
    if (timerMs < timerMsMax) lastMs = timerMs;
    else await sleepOnce(timerMs, undefined, options);
  }
  return sleepOnce(lastMs, value as T, options);
}

/** Sleeps until a time of time/clock.ts, or until the signal is aborted, which is not an error. */
export async function sleepUntil(deadlineMs: number, signal: AbortSignal | undefined): Promise<void> {
  await sleep(Math.max(0, deadlineMs - nowMs()), undefined, { signal }).catch(() => undefined);
}

/** Splits `ms` into delays that are short enough for one timer; the last one is below the limit. */
export function* timersFor(ms: number): Generator<number> {
  let leftMs = ms;
  for (; leftMs >= timerMsMax; leftMs -= timerMsMax) yield timerMsMax;
  yield leftMs;
}

/** Calls `action` once after `ms`, unless it is cleared before. Does not keep the process alive. */
export function startTimer(ms: number, action: () => void): { readonly clear: () => void } {
  const cleared = new AbortController();
  sleep(ms, undefined, { signal: cleared.signal, ref: false }).then(action, () => undefined);
  return {
    clear: () => {
      cleared.abort();
    },
  };
}
