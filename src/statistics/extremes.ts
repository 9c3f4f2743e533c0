/*
 * Math.max(...values) puts every value on the stack and ends in a RangeError beyond about 100,000 of them.
 */

/** @returns the largest value; -Infinity for an empty list */
export function largest(values: Iterable<number>): number {
  let most = -Infinity;
  for (const value of values) most = Math.max(most, value);
  return most;
}

/** @returns the smallest value; Infinity for an empty list */
export function smallest(values: Iterable<number>): number {
  let least = Infinity;
  for (const value of values) least = Math.min(least, value);
  return least;
}
