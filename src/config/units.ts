import { ClusterError } from '../errors.ts';

const durationUnits = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000 } as const;
const countUnits = { '': 1, k: 1_000, m: 1_000_000 } as const;

/**
 * Parses `500ms`, `10s`, `2m`, `8h`, or a plain number of milliseconds as in Kafka's tools.
 * @param flag - named in the error, `--timeout`
 * @returns milliseconds, above 0
 */
export function parseDurationMs(flag: string, text: string): number {
  const match = /^(\d+(?:\.\d+)?)(ms|s|m|h)?$/.exec(text.trim());
  const valueMs =
    match === null ? 0 : Number(match[1]) * durationUnits[(match[2] ?? 'ms') as keyof typeof durationUnits];
  if (valueMs > 0 && valueMs <= 366 * 24 * durationUnits.h) return Math.ceil(valueMs);
  throw new ClusterError('usage', `${flag}: '${text}' is not a positive duration`, {
    hint: 'write 500ms, 10s, 2m or 8h; a plain number is milliseconds',
  });
}

/** Parses `1000000`, `1_000_000`, `500k` or `10m`. @param range - both ends are allowed values */
export function parseCount(flag: string, text: string, range: { readonly min: number; readonly max: number }): number {
  const match = /^(\d+)(k|m|)$/i.exec(text.trim().replaceAll('_', ''));
  const value =
    match === null ? NaN : Number(match[1]) * countUnits[(match[2] ?? '').toLowerCase() as keyof typeof countUnits];
  if (value >= range.min && value <= range.max) return value;
  const message = `${flag}: '${text}' is not a whole number from ${range.min} to ${range.max}`;
  // Small numbers, and numbers outside the range, need no explanation of the notation.
  const hint = match === null && range.max >= countUnits.k ? { hint: 'write 1000, 1_000, 500k or 10m' } : {};
  throw new ClusterError('usage', message, hint);
}

/** A parser of integers in the form that commander calls. */
export function countOf(flag: string, min: number, max: number): (text: string) => number {
  return (text) => parseCount(flag, text, { min, max });
}

/** Parses `1,2,5` as unique counts in the given order. */
export function parseCounts(
  flag: string,
  text: string,
  range: { readonly min: number; readonly max: number },
): number[] {
  const counts = text.split(',').map((part) => parseCount(flag, part, range));
  return [...new Set(counts)];
}

/** Parses one of a closed list of words. */
export function parseChoice<Choice extends string>(flag: string, text: string, choices: readonly Choice[]): Choice {
  const choice = choices.find((candidate) => candidate === text);
  if (choice !== undefined) return choice;
  throw new ClusterError('usage', `${flag}: '${text}' is not one of ${choices.join(', ')}`);
}

/** Parses some of a closed list of words, separated by commas, each once. */
export function parseChoices<Choice extends string>(flag: string, text: string, choices: readonly Choice[]): Choice[] {
  return [...new Set(text.split(',').map((word) => parseChoice(flag, word.trim(), choices)))];
}

/**
 * Parses `3%`, `2.5 %` or `0.03`.
 * @param range - as shares; both ends are allowed values
 * @returns a share: 0.03
 */
export function parseShare(flag: string, text: string, range: { readonly min: number; readonly max: number }): number {
  const match = /^(\d+(?:\.\d+)?)\s*(%?)$/.exec(text.trim());
  const value = match === null ? NaN : match[2] === '%' ? Number(match[1]) / 100 : Number(match[1]);
  if (value >= range.min && value <= range.max) return value;
  throw new ClusterError('usage', `${flag}: '${text}' is not a share from ${100 * range.min}% to ${100 * range.max}%`, {
    hint: 'write 3% or 0.03',
  });
}
