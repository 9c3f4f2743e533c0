/**
 * Created once: `toLocaleString` creates one in each call, which takes most of a large table's time.
 * Created late: a member's thread, which loads this file for its errors, has no use for it.
 */
let english: Intl.NumberFormat | undefined;

/** Formats with thousands separators: `1,234,568`. */
export function whole(value: number): string {
  english ??= new Intl.NumberFormat('en-US', { maximumFractionDigits: 0 });
  return english.format(Math.round(value));
}

/**
 * Formats a count with its noun: `1 run`, `2,000 runs`.
 * @param nouns - plural; default: the noun with an s
 */
export function counted(count: number, noun: string, nouns = `${noun}s`): string {
  return `${whole(count)} ${nounFor(count, noun, nouns)}`;
}

/** The noun before a list of that many: `partition 3`, `partitions 0 to 2`. */
export function nounFor(count: number, noun: string, nouns = `${noun}s`): string {
  return count === 1 ? noun : nouns;
}

/** Formats a share as a percentage: `12 %`; with one digit `12.3 %`. */
export function percent(share: number, digits = 0): string {
  return `${(100 * share).toFixed(digits)} %`;
}
