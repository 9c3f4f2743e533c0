import type { Tokenizer } from '../../src/count/word-classes.ts';

const patterns = { unicode: /[\p{L}\p{M}\p{N}_]+/gu, ascii: /[A-Za-z0-9_]+/g } as const;

/** The definition of words, by strings. */
export function naiveWords(value: Uint8Array, tokenizer: Tokenizer): string[] {
  return (new TextDecoder().decode(value).match(patterns[tokenizer]) ?? []).map((word) => word.toLowerCase());
}

export function naiveCount(values: Iterable<Uint8Array>, tokenizer: Tokenizer): Map<string, number> {
  const counts = new Map<string, number>();
  for (const value of values) {
    for (const word of naiveWords(value, tokenizer)) counts.set(word, (counts.get(word) ?? 0) + 1);
  }
  return counts;
}
