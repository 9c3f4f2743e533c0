/**
 * The one clock of all threads, in milliseconds with a fraction. It is monotonic and has the same
 * zero in every thread of the process, unlike `performance.now()`.
 */
export function nowMs(): number {
  const [seconds, nanoseconds] = process.hrtime();
  return seconds * 1_000 + nanoseconds / 1_000_000;
}
