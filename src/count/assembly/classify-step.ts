import { between, bytesOf, contextual, lowered } from './beyond-ascii';
import { threeByteClassesAt, twoByteClassesAt } from './memory-map';
import { plainThreeBytes, plainTwoBytes } from './plain-letters';

/**
 * Classifies the code points beyond ASCII in a step of the scan. Letters that are their own lower
 * case are found 16 bytes at a time (plain-letters.ts), others by a table, one by one.
 */

/** Bytes from 0x80 on that belong to words, in the last step: one bit per byte. */
export let inWords: u64 = 0;
/** Those of them that addBeyond has to decode, at least one per code point. */
export let special: u64 = 0;

/** Bits of a class; 0 is not known yet. */
const known: u8 = 1;
const inWord: u8 = 2;
const isSpecial: u8 = 4;
/** The lower case has as many bytes, and does not depend on its neighbours. */
const isUpper: u8 = 8;

/** Vectors pay off from this number of code points in a step. */
const twoBytesMin: i32 = 10;
const threeBytesMin: i32 = 7;

/**
 * Classifies the bytes from 0x80 on among `bytes` bytes from `at`. `text` is their copy in lower
 * case: capitals beyond ASCII are replaced in it. A step ends before a code point that continues
 * beyond it. Returns the number of bytes in the step, 61 to 64 of 64.
 */
export function classifyStep(at: usize, bytes: usize, text: usize): usize {
  let beyond = ~bitsAbove(at, -1);
  let lead = beyond & bitsAbove(at, <i8>0xbf);
  let lead34 = beyond & bitsAbove(at, <i8>0xdf);
  let lead4 = beyond & bitsAbove(at, <i8>0xef);
  if (bytes == 64) bytes = <usize>ctz((lead & (<u64>1 << 63)) | (lead34 & (<u64>3 << 62)) | (lead4 & (<u64>7 << 61)));
  const valid = ~(<u64>0) >> (64 - <u64>bytes);
  beyond &= valid;
  lead &= valid;
  lead34 &= valid;
  lead4 &= valid;
  if (((lead << 1) | (lead34 << 2) | (lead4 << 3)) != (beyond & ~lead)) {
    // Invalid, or cut off by the end of the record.
    inWords = beyond;
    special = beyond;
    return bytes;
  }
  special = lead4;
  const two = addTwoBytes(at, text, lead ^ lead34);
  const three = addThreeBytes(at, text, lead34 ^ lead4);
  inWords = two | (two << 1) | three | (three << 1) | (three << 2) | lead4 | (lead4 << 1) | (lead4 << 2) | (lead4 << 3);
  return bytes;
}

/** One bit per byte of 64: set when the byte, as a signed number, is greater. */
@inline
function bitsAbove(at: usize, value: i8): u64 {
  const limit = i8x16.splat(value);
  return (
    <u64>i8x16.bitmask(i8x16.gt_s(v128.load(at), limit)) | (<u64>i8x16.bitmask(i8x16.gt_s(v128.load(at, 16), limit)) << 16) |
    (<u64>i8x16.bitmask(i8x16.gt_s(v128.load(at, 32), limit)) << 32) | (<u64>i8x16.bitmask(i8x16.gt_s(v128.load(at, 48), limit)) << 48)
  );
}

/** Returns the leads that begin a code point of a word. */
function addTwoBytes(at: usize, text: usize, leads: u64): u64 {
  let found: u64 = 0;
  if (<i32>popcnt(leads) >= twoBytesMin) {
    found = leads & plainTwoBytes(at);
    leads ^= found;
  }
  for (; leads != 0; leads &= leads - 1) {
    const bit = ctz(leads);
    const bytes = <u32>load<u16>(at + <usize>bit);
    const codePoint = ((bytes & 0x1f) << 6) | ((bytes >> 8) & 0x3f);
    const entry = classOf(twoByteClassesAt, codePoint, 0x80);
    found |= <u64>((entry >> 1) & 1) << bit;
    special |= <u64>((entry >> 2) & 1) << bit;
    if (entry >= isUpper) store<u16>(text + <usize>bit, <u16>lowered(codePoint));
  }
  return found;
}

function addThreeBytes(at: usize, text: usize, leads: u64): u64 {
  let found: u64 = 0;
  if (<i32>popcnt(leads) >= threeBytesMin) {
    found = leads & plainThreeBytes(at);
    leads ^= found;
  }
  for (; leads != 0; leads &= leads - 1) {
    const bit = ctz(leads);
    const bytes = load<u32>(at + <usize>bit);
    const codePoint = ((bytes & 0xf) << 12) | ((bytes >> 2) & 0xfc0) | ((bytes >> 16) & 0x3f);
    const entry = classOf(threeByteClassesAt, codePoint, 0x800);
    found |= <u64>((entry >> 1) & 1) << bit;
    special |= <u64>((entry >> 2) & 1) << bit;
    if (entry >= isUpper) {
      const lower = lowered(codePoint);
      store<u16>(text + <usize>bit, <u16>lower);
      store<u8>(text + <usize>bit, <u8>(lower >> 16), 2);
    }
  }
  return found;
}

/** `least` is the first code point that takes as many bytes: less is invalid. */
@inline
function classOf(table: usize, codePoint: u32, least: u32): u32 {
  const at = table + <usize>codePoint;
  let entry = load<u8>(at);
  if (entry == 0) {
    entry = makeClass(codePoint, least);
    store<u8>(at, entry);
  }
  return entry;
}

function makeClass(codePoint: u32, least: u32): u8 {
  const isInvalid = codePoint < least || (codePoint >= 0xd800 && codePoint <= 0xdfff);
  const lower = isInvalid ? contextual : lowered(codePoint);
  if (lower == between) return known;
  if (lower == contextual || bytesOf(lower) != (least == 0x80 ? 2 : 3)) return known | inWord | isSpecial;
  return lower == encoded(codePoint) ? known | inWord : known | inWord | isUpper;
}

/** The UTF-8 bytes of a code point of two or three bytes, the first one lowest. */
function encoded(codePoint: u32): i32 {
  const last = 0x80 | (codePoint & 0x3f);
  if (codePoint < 0x800) return 0xc0 | (codePoint >> 6) | (last << 8);
  return 0xe0 | (codePoint >> 12) | ((0x80 | ((codePoint >> 6) & 0x3f)) << 8) | (last << 16);
}
