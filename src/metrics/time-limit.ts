/**
 * A signal that is aborted after a time, or with another one. Not AbortSignal.any with AbortSignal.timeout: nobody keeps the
 * latter, so once it has been garbage-collected neither is ever aborted (Node 20).
 * @returns the signal, and what takes the timer away
 */
export function timeLimit(
  ms: number,
  signal: AbortSignal,
): { readonly signal: AbortSignal; readonly clear: () => void } {
  const limit = new AbortController();
  const clear = (): void => {
    clearTimeout(timer);
    signal.removeEventListener('abort', abort);
  };
  const abort = (): void => {
    clear();
    limit.abort();
  };
  const timer = setTimeout(abort, ms);
  signal.addEventListener('abort', abort);
  if (signal.aborted) abort();
  return { signal: limit.signal, clear };
}
