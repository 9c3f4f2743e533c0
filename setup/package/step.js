/**
 * Runs one step of the packaging and reports on stderr how long it took.
 * @template T
 * @param {string} name
 * @param {() => T | Promise<T>} run
 * @returns {Promise<T>}
 */
export async function step(name, run) {
  process.stderr.write(`package: ${name} …`);
  const sinceMs = performance.now();
  const result = await run();
  process.stderr.write(` ${((performance.now() - sinceMs) / 1_000).toFixed(1)} s\n`);
  return result;
}
