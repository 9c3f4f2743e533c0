/** The first suffices on a quiet machine, the last on a busy one. Milliseconds. */
const [firstMs, ...longerMs] = [2_000, 8_000, 32_000] as const;

/**
 * Repeats what always takes its whole time limit with a longer one, because on a slow machine a
 * short limit may end it before it has found the cause that it reports.
 * @param isFinal - whether an outcome needs no other attempt: it is the expected one, or one that a
 *   lack of time does not explain
 * @returns the last outcome, for the test to check
 */
export async function givenTime<T>(
  attempt: (timeoutMs: number) => Promise<T>,
  isFinal: (outcome: T) => boolean,
): Promise<T> {
  let outcome = await attempt(firstMs);
  for (const timeoutMs of longerMs) {
    if (isFinal(outcome)) break;
    outcome = await attempt(timeoutMs);
  }
  return outcome;
}
