import assert from 'node:assert';

/**
 * `unicode`: maximal runs of [\p{L}\p{M}\p{N}_]; `ascii`: maximal runs of [A-Za-z0-9_]. Words are
 * lowercased one by one.
 */
export type Tokenizer = 'unicode' | 'ascii';

/**
 * Classes of code points as src/count/assembly/batch-sums.ts knows them; 0 is not classified yet.
 */
const unknown = 0;
/** Separates words. */
const between = 1;
/** Its word needs lowercaseWhole. */
const contextual = 2;

const wordPattern = /^[\p{L}\p{M}\p{N}_]$/u;
const encoder = new TextEncoder();
const decoder = new TextDecoder();
const capitalSigma = 'Σ';

/**
 * @param codePoint - 0 to 0x10ffff, no surrogate
 * @returns `between`, `contextual`, or the UTF-8 bytes of its lower case, the first one lowest (so
 *   never 0 to 2)
 */
export function classify(codePoint: number): number {
  const character = String.fromCodePoint(codePoint);
  if (!wordPattern.test(character)) return between;
  const lower = character.toLowerCase();
  const single = lower.codePointAt(0) ?? 0;
  // Among all code points, only the lower case of sigma depends on its neighbours, and only İ
  // becomes two code points.
  if (character === capitalSigma || String.fromCodePoint(single) !== lower) return contextual;
  let packed = 0;
  for (const [index, byte] of encoder.encode(lower).entries()) packed |= byte << (8 * index);
  assert(packed !== unknown && packed !== between && packed !== contextual);
  return packed;
}

/**
 * Lowercases a word by its definition, for words with contextual code points.
 * @param word - valid UTF-8
 */
export function lowercaseWhole(word: Uint8Array): Uint8Array {
  return encoder.encode(decoder.decode(word).toLowerCase());
}
