import { keysEqual } from './keys.ts';
import { decodeUtf8, lengthShift, codePointMask } from './utf8.ts';
import { between, beyondAscii, contextual, lowerCodePoint, lowercaseWhole, separator } from './word-classes.ts';

/**
 * Private sums: words of a batch, each with its hash and how often it occurred.
 * The arena holds one sum after the other, {hash, count, key}, where a key is {length in bytes, bytes padded with zeros to 4}.
 * Slots are pairs {hash, generation + place of the sum}; all pairs below `generation` are empty, so that a reset costs nothing.
 */
export interface Sums {
  /** 256 entries: see byteClasses. */
  readonly classes: Uint8Array;
  slots: Int32Array;
  slotsLog2: number;
  generation: number;
  arena: Int32Array;
  /** The arena's bytes. */
  arenaBytes: Uint8Array;
  arenaEnd: number;
  distinct: number;
  distinctMax: number;
  words: number;
  /** Bytes that `appendBeyondAscii` put into the word at hand. */
  wordBytes: number;
}

/** Offsets within a sum. */
export const sum = { hash: 0, count: 1, key: 2 } as const;
const firstBytes = sum.key + 1;

/** @returns the place after the sum at `at` */
export function nextSum(arena: Int32Array, at: number): number {
  return at + firstBytes + (((arena[at + sum.key] ?? 0) + 3) >> 2);
}

const hashSeed = 0x2545f491;
const hashFactor = 0x9e3779b1 | 0;

/**
 * Adds the words of one record. They are lowercased into the arena's free end, four bytes at a time, while they are hashed, so that
 * a new word stands where it belongs already.
 * @param start - index of the first byte not yet scanned, at the border of a word
 * @param end - index one past the record's last byte; `start <= end <= bytes.length`
 * @returns `end`, or the index of a word for which the sums have to grow first (see hasRoom)
 */
export function scanWords(sums: Sums, bytes: Uint8Array, start: number, end: number): number {
  const { classes, arena } = sums;
  // The rows' numbers are floats: without these the loop below would run on floats too, a third slower.
  const last = end | 0;
  let index = start | 0;
  for (;;) {
    let byteClass: number = separator;
    while (index < last && (byteClass = classes[bytes[index] ?? 0] ?? 0) === separator) index += 1;
    if (index >= last) break;
    if (byteClass === beyondAscii) {
      const decoded = decodeUtf8(bytes, index, last);
      if (lowerCodePoint(decoded & codePointMask) === between) {
        index += decoded >> lengthShift;
        continue;
      }
    }
    const { arenaEnd } = sums;
    if (sums.distinct >= sums.distinctMax || arena.length - arenaEnd < roomFor(last - index)) break;

    const wordStart = index;
    let at = arenaEnd + firstBytes;
    let hash = hashSeed;
    while (byteClass > beyondAscii) {
      let four = byteClass;
      index += 1;
      byteClass = index < last ? (classes[bytes[index] ?? 0] ?? 0) : separator;
      for (let shift = 8; shift < 32 && byteClass > beyondAscii; shift += 8) {
        four |= byteClass << shift;
        index += 1;
        byteClass = index < last ? (classes[bytes[index] ?? 0] ?? 0) : separator;
      }
      arena[at] = four;
      at += 1;
      hash = mix(hash, four);
    }
    let wordBytes = index - wordStart;
    if (byteClass === beyondAscii) {
      index = appendBeyondAscii(sums, (arenaEnd + firstBytes) * 4, bytes, wordStart, index, last);
      if (sums.wordBytes !== wordBytes) {
        wordBytes = sums.wordBytes;
        at = arenaEnd + firstBytes + ((wordBytes + 3) >> 2);
        hash = hashSeed;
        for (let place = arenaEnd + firstBytes; place < at; place += 1) hash = mix(hash, arena[place] ?? 0);
      }
    }
    arena[arenaEnd + sum.key] = wordBytes;
    countWord(sums, hash, at);
  }
  return index;
}

/** Counts the word whose key stands at the arena's end and reaches to `keyEnd`: if it is new, it stays there. */
function countWord(sums: Sums, hash: number, keyEnd: number): void {
  const { slots, arena, generation, arenaEnd } = sums;
  const mask = (1 << sums.slotsLog2) - 1;
  sums.words += 1;
  for (let number = hash >>> (32 - sums.slotsLog2); ; number = (number + 1) & mask) {
    const place = (slots[2 * number + 1] ?? 0) - generation;
    if (place < 0) {
      slots[2 * number] = hash;
      slots[2 * number + 1] = generation + arenaEnd;
      arena[arenaEnd + sum.hash] = hash;
      arena[arenaEnd + sum.count] = 1;
      sums.arenaEnd = keyEnd;
      sums.distinct += 1;
      return;
    }
    if (slots[2 * number] === hash && keysEqual(arena, place + sum.key, arena, arenaEnd + sum.key)) {
      arena[place + sum.count] = (arena[place + sum.count] ?? 0) + 1;
      return;
    }
  }
}

/** @returns places of the arena that a word of at most `lengthBytes` may need; lower case may take three bytes for two */
export function roomFor(lengthBytes: number): number {
  return firstBytes + 2 + (lengthBytes >> 1);
}

/** Of the top bits of the result, each depends on every bit of both; of the others, not. */
function mix(hash: number, four: number): number {
  const product = Math.imul(hash ^ four, hashFactor);
  return product ^ (product >>> 15);
}

/**
 * Goes on with a word whose next byte is 0x80 or more, to its end.
 * @param keyAt - index in `arenaBytes` of the word's first byte, which `start` - `wordStart` bytes have been written from
 * @returns index in `bytes` after the word; `sums.wordBytes` is its length in lower case
 */
function appendBeyondAscii(
  sums: Sums,
  keyAt: number,
  bytes: Uint8Array,
  wordStart: number,
  start: number,
  end: number,
): number {
  const { arena, arenaBytes, classes } = sums;
  let index = start;
  let to = keyAt + (start - wordStart);
  let whole = false;
  while (index < end) {
    const byte = bytes[index] ?? 0;
    let lower = classes[byte] ?? 0;
    let taken = 1;
    if (lower === separator) break;
    if (lower === beyondAscii) {
      const decoded = decodeUtf8(bytes, index, end);
      lower = lowerCodePoint(decoded & codePointMask);
      if (lower === between) break;
      if (lower === contextual) whole = true;
      taken = decoded >> lengthShift;
    }
    index += taken;
    for (; lower !== 0; lower >>>= 8) {
      if (to % 4 === 0) arena[to >> 2] = 0;
      arenaBytes[to] = lower;
      to += 1;
    }
  }
  if (whole) {
    to = keyAt + lowercaseWhole(bytes.subarray(wordStart, index), arenaBytes.subarray(keyAt));
    for (let pad = to; pad % 4 !== 0; pad += 1) arenaBytes[pad] = 0;
  }
  sums.wordBytes = to - keyAt;
  return index;
}
