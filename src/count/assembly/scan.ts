import { addBeyond } from './beyond-ascii';
import { classifyStep, inWords, special } from './classify-step';
import { allocate, bordersAt, chunkBytes, positionsAt, textAt } from './memory-map';
import { addLong, addMedium, addShort, makeRoom, wordsWithRoom } from './sums-table';

/**
 * Words are counted in two passes over a chunk of text. The first writes it in lower case and lists
 * the borders of its words, 64 bytes per step. The second adds the words. In neither of them does a
 * branch depend on the number of words in a step.
 */

/** Set in the border that ends a word that addBeyond has to decode. Addresses are less. */
const specialBit: u32 = 1 << 31;

/** The chunk in lower case, and the end of the room for it. */
let text: usize = textAt;
let textEnd: usize = textAt + chunkBytes;

/**
 * Adds the words of [start, end). Under `unicode`, bytes from 0x80 on may belong to words.
 * @returns the number of words
 */
export function scan(start: usize, end: usize, unicode: bool): i32 {
  let found: i32 = 0;
  let at = start;
  let filled = text;
  let border = bordersAt;
  /** 1 while the last byte belongs to a word, and while that word is a special one. */
  let inside: u64 = 0;
  let insideSpecial: u64 = 0;
  while (at < end) {
    const limit = min(textEnd, filled + chunkBytes);
    while (at < end && filled < limit) {
      const a = v128.load(at), b = v128.load(at, 16), c = v128.load(at, 32), d = v128.load(at, 48);
      const lowA = lowerOf(a), lowB = lowerOf(b), lowC = lowerOf(c), lowD = lowerOf(d);
      v128.store(filled, lowA);
      v128.store(filled, lowB, 16);
      v128.store(filled, lowC, 32);
      v128.store(filled, lowD, 48);
      let mask = wordBits(lowA) | (wordBits(lowB) << 16) | (wordBits(lowC) << 32) | (wordBits(lowD) << 48);
      let bytes = min(end - at, 64);
      let specialEnds: u64 = 0;
      if (unicode && (insideSpecial != 0 || isBeyond(v128.or(v128.or(a, b), v128.or(c, d))))) {
        bytes = classifyStep(at, bytes, filled);
        mask = (mask | inWords) & (~(<u64>0) >> (64 - <u64>bytes));
        // A special byte carries out of its word, into the border that ends the word.
        const carried = mask + special;
        const sum = carried + insideSpecial;
        specialEnds = sum & ~mask;
        insideSpecial = bytes < 64 ? (specialEnds >> <u64>bytes) & 1 : <u64>(carried < mask) | <u64>(sum < carried);
      }
      const valid = ~(<u64>0) >> (64 - <u64>bytes);
      mask &= valid;
      const borders = (mask ^ ((mask << 1) | inside)) & valid;
      inside = mask >> <u64>(bytes - 1);
      if (specialEnds == 0) listBorders(border, filled, borders);
      else listSpecialBorders(border, filled, borders, specialEnds);
      border += <usize>popcnt(borders) << 2;
      at += bytes;
      filled += bytes;
    }
    if (at >= end && inside != 0) {
      store<u32>(border, <u32>filled | (insideSpecial != 0 ? specialBit : 0));
      border += 4;
    }
    const complete = border - ((border - bordersAt) & 4);
    found += addWords(complete);
    filled = border == complete ? text : keepOpen(<usize>load<u32>(complete), filled);
    border = bordersAt + (border - complete);
  }
  return found;
}

@inline
function isBeyond(bytes: v128): bool { return v128.any_true(v128.and(bytes, i8x16.splat(<i8>0x80))); }

/** Lowercases the ASCII letters among 16 bytes. */
@inline
function lowerOf(v: v128): v128 {
  const upper = i8x16.le_u(i8x16.sub(v, i8x16.splat(0x41)), i8x16.splat(25));
  return v128.or(v, v128.and(upper, i8x16.splat(0x20)));
}

/** One bit per byte: set when the byte is [a-z0-9_]. `low` is lowercased. */
@inline
function wordBits(low: v128): u64 {
  const letter = i8x16.le_u(i8x16.sub(low, i8x16.splat(0x61)), i8x16.splat(25));
  const digit = i8x16.le_u(i8x16.sub(low, i8x16.splat(0x30)), i8x16.splat(9));
  const line = i8x16.eq(low, i8x16.splat(0x5f));
  return <u64>i8x16.bitmask(v128.or(v128.or(letter, digit), line));
}

/** Writes base + the position of each set bit. */
@inline
function listBorders(target: usize, base: usize, borders: u64): void {
  let next = listEight(target, base, borders, 0);
  next = listEight(next, base, borders, 8);
  next = listEight(next, base, borders, 16);
  next = listEight(next, base, borders, 24);
  next = listEight(next, base, borders, 32);
  next = listEight(next, base, borders, 40);
  next = listEight(next, base, borders, 48);
  listEight(next, base, borders, 56);
}

/** The same for eight bits, without a branch. Returns the end of the list. */
@inline
function listEight(target: usize, base: usize, borders: u64, first: i32): usize {
  const bits = (borders >> first) & 255;
  const positions = v128.load8x8_u(positionsAt + (<usize>bits << 3));
  const places = i32x4.splat(<i32>base + first);
  v128.store(target, i32x4.add(places, i32x4.extend_low_i16x8_u(positions)));
  v128.store(target, i32x4.add(places, i32x4.extend_high_i16x8_u(positions)), 16);
  return target + (<usize>popcnt(bits) << 2);
}

function listSpecialBorders(target: usize, base: usize, borders: u64, specialEnds: u64): void {
  for (let next = target; borders != 0; next += 4) {
    const bit = ctz(borders);
    borders &= borders - 1;
    store<u32>(next, (<u32>base + <u32>bit) | (<u32>((specialEnds >> bit) & 1) << 31));
  }
}

/** Adds the words between borders up to `end`. Returns their number. */
function addWords(end: usize): i32 {
  let found = <i32>((end - bordersAt) >> 3);
  let at = bordersAt;
  while (at < end) {
    makeRoom(0);
    const limit = min(end, at + (<usize>wordsWithRoom() << 3));
    for (; at < limit; at += 8) {
      const from = load<u32>(at);
      const length = load<u32>(at, 4) - from;
      if (length <= 16) addShort(from, length);
      else if (length <= 32) addMedium(from, length);
      else {
        if (length >= specialBit) found += addBeyond(from, load<u32>(at, 4) & ~specialBit) - 1;
        else addLong(from, length);
        // Either may have used the room.
        at += 8;
        break;
      }
    }
  }
  return found;
}

/**
 * Moves the open word [open, filled) to the beginning of the text, and makes room for a long one.
 * Returns its end.
 */
function keepOpen(open: usize, filled: usize): usize {
  const length = filled - open;
  const size = textEnd - text;
  if (length > size >> 1) {
    text = allocate(size << 1);
    textEnd = text + (size << 1);
  }
  if (open != text) memory.copy(text, open, length);
  store<u32>(bordersAt, <u32>text);
  return text + length;
}
