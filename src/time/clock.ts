/**
 * The one clock of all threads: monotonic, and with the same zero in every thread of the process, which
 * `performance.now()` has not. Milliseconds with a fraction.
 */
export function nowMs(): number {
  const [seconds, nanoseconds] = process.hrtime();
  return seconds * 1_000 + nanoseconds / 1_000_000;
}
