import { loweredAt } from './memory-map';
import { addStored, arena, arenaEnd, makeRoom, sumHeadBytes } from './sums-table';

/**
 * Requests the entry of a code point: `between`, `contextual`, or its lower case as UTF-8 bytes,
 * the first one lowest.
 */
@external("env", "classify")
declare function classify(codePoint: i32): i32;
/**
 * Writes the lower case of the word [from, to) to `target` by its definition. Returns the number of
 * bytes written.
 */
@external("env", "lowercaseWhole")
declare function lowercaseWhole(from: usize, to: usize, target: usize): i32;

export const between: i32 = 1;
export const contextual: i32 = 2;

/**
 * Decodes, splits and lowercases what classifyStep leaves to it: invalid UTF-8, code points of four
 * bytes, and those whose lower case has another length or depends on its neighbours. ASCII letters
 * are in lower case already. Returns the number of words found.
 */
export function addBeyond(from: usize, to: usize): i32 {
  let found: i32 = 0;
  let at = from;
  while (at < to) {
    makeRoom(<i32>(to - at));
    const key = arena + (<usize>arenaEnd << 2) + sumHeadBytes;
    const wordStart = at;
    let wordEnd = at;
    let target = key;
    let whole = false;
    while (at < to) {
      const byte = load<u8>(at);
      if (byte < 0x80) {
        store<u8>(target, byte);
        target += 1;
        at += 1;
        wordEnd = at;
        continue;
      }
      const decoded = decode(at, to);
      const lower = lowered(decoded & 0x1fffff);
      at += decoded >> 21;
      if (lower == between) break;
      wordEnd = at;
      if (lower == contextual) whole = true;
      store<i32>(target, lower);
      target += bytesOf(lower);
    }
    if (wordEnd == wordStart) continue;
    const length = whole ? lowercaseWhole(wordStart, wordEnd, key) : <i32>(target - key);
    addStored(length);
    found += 1;
  }
  return found;
}

/** Number of bytes of a code point in UTF-8, of which the first one is lowest. */
@inline
export function bytesOf(encoded: i32): i32 { return (39 - clz(encoded)) >> 3; }

/** Returns the entry of a code point. */
@inline
export function lowered(codePoint: i32): i32 {
  const at = loweredAt + (<usize>codePoint << 2);
  let entry = load<i32>(at);
  if (entry == 0) {
    entry = classify(codePoint);
    store<i32>(at, entry);
  }
  return entry;
}

/**
 * As strict as TextDecoder. Returns code point | bytes read << 21; code point 0 and one byte for
 * invalid input.
 */
function decode(at: usize, end: usize): i32 {
  const invalid: i32 = 1 << 21;
  const first = <i32>load<u8>(at);
  if (first < 0xc2 || first > 0xf4) return invalid;
  const length: i32 = first < 0xe0 ? 2 : first < 0xf0 ? 3 : 4;
  if (at + <usize>length > end) return invalid;
  const second = <i32>load<u8>(at, 1) ^ 0x80;
  if (second > 0x3f) return invalid;
  if (length == 2) return ((first & 0x1f) << 6) | second | (2 << 21);
  const third = <i32>load<u8>(at, 2) ^ 0x80;
  if (third > 0x3f) return invalid;
  if (length == 3) {
    const codePoint = ((first & 0x0f) << 12) | (second << 6) | third;
    return codePoint >= 0x800 && (codePoint < 0xd800 || codePoint > 0xdfff) ? codePoint | (3 << 21) : invalid;
  }
  const fourth = <i32>load<u8>(at, 3) ^ 0x80;
  if (fourth > 0x3f) return invalid;
  const codePoint = ((first & 0x07) << 18) | (second << 12) | (third << 6) | fourth;
  return codePoint >= 0x10000 && codePoint <= 0x10ffff ? codePoint | (4 << 21) : invalid;
}
