import { sleep } from './sleep.ts';

/**
 * Result of `action`, or an error when it is not done at `deadlineMs` (of performance.now()). The
 * action is not cancelled: end what it waits for.
 */
export async function within<T>(deadlineMs: number, action: () => Promise<T>): Promise<T> {
  const timer = new AbortController();
  const timeUp = sleep(Math.max(0, deadlineMs - performance.now()), undefined, timer).then(() => {
    throw new Error('time is up');
  });
  try {
    return await Promise.race([action(), timeUp]);
  } finally {
    timer.abort();
    timeUp.catch(() => undefined);
  }
}
