/**
 * @returns the system's description of a failed call, without its code and the call's name: `no
 *   space left on device`
 */
export function reasonOf(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  return /^[A-Z0-9]+: ([^,]+)/.exec(message)?.[1] ?? message;
}
