import { startTimer } from '../time/sleep.ts';

/**
 * A signal for the end of an interrupted run: aborts `ms` after `signal`, or immediately with
 * `killSignal`.
 */
export function hurryAfter(ms: number, signal: AbortSignal, killSignal: AbortSignal): AbortSignal {
  const hurry = new AbortController();
  const end = (): void => {
    hurry.abort(signal.reason);
  };
  const startCountdown = (): void => {
    startTimer(ms, end);
  };
  if (signal.aborted) startCountdown();
  else signal.addEventListener('abort', startCountdown, { once: true });
  killSignal.addEventListener('abort', end, { once: true });
  if (killSignal.aborted) end();
  return hurry.signal;
}

/** Resolves when the signal is aborted. */
export function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    else
      signal.addEventListener(
        'abort',
        () => {
          resolve();
        },
        { once: true },
      );
  });
}

/**
 * Waits for an action that the signal ends early.
 * @returns false when the action failed and the signal is aborted
 * @throws the error of the action otherwise
 */
export async function unlessAborted(
  signal: AbortSignal,
  action: (signal: AbortSignal) => Promise<void>,
): Promise<boolean> {
  try {
    await action(signal);
    return true;
  } catch (error) {
    if (!signal.aborted) throw error;
    return false;
  }
}
