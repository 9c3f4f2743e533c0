import type { ResolvedBrokers } from './resolve.ts';

/**
 * Runs `action` until it ends or the brokers cannot continue, whichever comes first: a client would
 * wait for minutes for brokers that do not return.
 * @throws the error of `action`; or the reason of `failed`, while `action` continues until this
 *   process ends
 */
export async function whileServing<T>(
  { failed }: Pick<ResolvedBrokers, 'failed'>,
  action: () => Promise<T>,
): Promise<T> {
  if (failed === undefined) return action();
  let fail: () => void = () => undefined;
  const failure = new Promise<never>((_, reject) => {
    fail = () => {
      reject(failed.reason as Error);
    };
    if (failed.aborted) fail();
    else failed.addEventListener('abort', fail);
  });
  const work = action();
  // After the race is decided, the other promise's error is ignored.
  for (const promise of [failure, work]) promise.catch(() => undefined);
  try {
    return await Promise.race([failure, work]);
  } finally {
    failed.removeEventListener('abort', fail);
  }
}
