import type { ResolvedBrokers } from './resolve.ts';

/**
 * Runs `action` until it ends or the brokers cannot continue, whichever comes first: a client would
 * wait for minutes for brokers that do not return.
 * @param action - its signal is aborted with `signal`, and when the brokers fail. An action that
 *   ignores it continues after the error was thrown.
 * @throws the error of `action`; or the reason of `failed`
 */
export async function whileServing<T>(
  { failed }: Pick<ResolvedBrokers, 'failed'>,
  action: (signal: AbortSignal) => Promise<T>,
  signal?: AbortSignal,
): Promise<T> {
  const ended = AbortSignal.any([signal, failed].filter((each) => each !== undefined));
  if (failed === undefined) return action(ended);
  let fail: () => void = () => undefined;
  const failure = new Promise<never>((_, reject) => {
    fail = () => {
      reject(failed.reason as Error);
    };
    if (failed.aborted) fail();
    else failed.addEventListener('abort', fail);
  });
  const work = action(ended);
  // After the race is decided, the other promise's error is ignored.
  for (const promise of [failure, work]) promise.catch(() => undefined);
  try {
    return await Promise.race([failure, work]);
  } finally {
    failed.removeEventListener('abort', fail);
  }
}
