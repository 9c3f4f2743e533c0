/** Created once: `toLocaleString` creates one in each call, which takes most of a large table's time. */
const english = new Intl.NumberFormat('en-US', { maximumFractionDigits: 0 });

/** Formats with thousands separators: `1,234,568`. */
export function whole(value: number): string {
  return english.format(Math.round(value));
}

/**
 * Formats a count with its noun: `1 run`, `2,000 runs`.
 * @param nouns - plural; default: the noun with an s
 */
export function counted(count: number, noun: string, nouns = `${noun}s`): string {
  return `${whole(count)} ${count === 1 ? noun : nouns}`;
}

/** Formats a share as a percentage: `12 %`; with one digit `12.3 %`. */
export function percent(share: number, digits = 0): string {
  return `${(100 * share).toFixed(digits)} %`;
}
