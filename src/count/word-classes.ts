import assert from 'node:assert';

/** `unicode`: maximal runs of [\p{L}\p{M}\p{N}_]; `ascii`: maximal runs of [A-Za-z0-9_]. Words are lowercased one by one. */
export type Tokenizer = 'unicode' | 'ascii';

/** Entry of a byte that stands between words. */
export const separator = 0;
/** Entry of a byte of 0x80 or more under `unicode`: see lowerCodePoint. No word holds U+0001. */
export const beyondAscii = 1;

/** @returns 256 entries by byte: its lower case when it belongs to a word, else `separator` or `beyondAscii` */
export function byteClasses(tokenizer: Tokenizer): Uint8Array {
  const classes = new Uint8Array(256);
  for (let byte = 0; byte < 0x80; byte += 1) {
    const character = String.fromCharCode(byte);
    if (/\w/.test(character)) classes[byte] = character.toLowerCase().charCodeAt(0);
  }
  if (tokenizer === 'unicode') classes.fill(beyondAscii, 0x80);
  return classes;
}

/** Entry of a code point that has not been looked at, that stands between words, whose word needs lowercaseWhole. */
const unknown = 0;
export const between = 1;
export const contextual = 2;

/** By code point, filled as they turn up: untouched pages take no memory. Entries are as lowerCodePoint returns them. */
const lowered = new Int32Array(0x110000);
const wordPattern = /^[\p{L}\p{M}\p{N}_]$/u;
const encoder = new TextEncoder();
const decoder = new TextDecoder();
const capitalSigma = 'Σ';

/**
 * @param codePoint - 0 to 0x10ffff, no surrogate
 * @returns `between`, `contextual`, or the UTF-8 bytes of its lower case, the first one lowest (so never 0 to 2)
 */
export function lowerCodePoint(codePoint: number): number {
  const known = lowered[codePoint] ?? unknown;
  if (known !== unknown) return known;
  const found = classify(String.fromCodePoint(codePoint));
  lowered[codePoint] = found;
  return found;
}

function classify(character: string): number {
  if (!wordPattern.test(character)) return between;
  const lower = character.toLowerCase();
  const single = lower.codePointAt(0) ?? 0;
  // Of all code points, only sigma's lower case depends on its neighbours, and only İ becomes two code points.
  if (character === capitalSigma || String.fromCodePoint(single) !== lower) return contextual;
  let packed = 0;
  for (const [index, byte] of encoder.encode(lower).entries()) packed |= byte << (8 * index);
  assert(packed !== unknown && packed !== between && packed !== contextual);
  return packed;
}

/**
 * Lowercases a word by its definition, for words with contextual code points.
 * @param word - valid UTF-8
 * @param target - as long as three halves of it at least
 * @returns bytes written
 */
export function lowercaseWhole(word: Uint8Array, target: Uint8Array): number {
  return encoder.encodeInto(decoder.decode(word).toLowerCase(), target).written;
}
