import type { Tokenizer } from '../config/tokenizers.ts';

const patterns: Readonly<Record<Tokenizer, RegExp>> = { unicode: /[\p{L}\p{M}\p{N}_]+/gu, ascii: /[A-Za-z0-9_]+/g };

/**
 * A block of words in a form that crosses threads fast. Words contain no line feed, so `text` joins
 * them with line feeds.
 */
export interface CountBlock {
  /** UTF-8. */
  readonly text: Uint8Array;
  readonly counts: Float64Array;
}

const blockWords = 65_536;

/**
 * Counts by the definition of a word, written as directly as possible. The product's own counts are
 * compared with it, so it shares no code with src/count.
 */
export class NaiveCount {
  readonly #decoder = new TextDecoder();
  readonly #pattern: RegExp;
  readonly counts = new Map<string, number>();
  records = 0;
  words = 0;

  constructor(tokenizer: Tokenizer) {
    this.#pattern = patterns[tokenizer];
  }

  /** @param times - number of occurrences of the record */
  add(value: Uint8Array, times = 1): void {
    this.records += times;
    for (const match of this.#decoder.decode(value).match(this.#pattern) ?? []) {
      const word = match.toLowerCase();
      this.counts.set(word, (this.counts.get(word) ?? 0) + times);
      this.words += times;
    }
  }

  blocks(): CountBlock[] {
    const encoder = new TextEncoder();
    const entries = [...this.counts];
    return Array.from({ length: Math.ceil(entries.length / blockWords) }, (_, block) => {
      const slice = entries.slice(block * blockWords, (block + 1) * blockWords);
      return {
        text: encoder.encode(slice.map(([word]) => word).join('\n')),
        counts: Float64Array.from(slice, ([, count]) => count),
      };
    });
  }
}

/** Adds the words of a block to `counts`. */
export function mergeBlock(counts: Map<string, number>, block: CountBlock): void {
  const words = new TextDecoder().decode(block.text).split('\n');
  for (const [index, word] of words.entries()) {
    counts.set(word, (counts.get(word) ?? 0) + (block.counts[index] ?? 0));
  }
}
