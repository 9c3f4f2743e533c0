/**
 * The private sums of a member, in WebAssembly: tokenizer, hash and table of one run of records in one pass, 64 bytes a step.
 * AssemblyScript, compiled by setup/assembly.js; src/count/batch-sums.ts is its other half and tells what words are.
 *
 * Memory: masks, then `lowered`, then what `allocate` gives out (slots, arena, and the buffers of values and rows).
 */

/** Asks for the entry of a code point: `between`, `contextual`, or its lower case as UTF-8 bytes, the first one lowest. */
@external("env", "classify")
declare function classify(codePoint: i32): i32;
/** Writes the lower case of the word [from, to) to `target` by its definition. Returns the bytes written. */
@external("env", "lowercaseWhole")
declare function lowercaseWhole(from: usize, to: usize, target: usize): i32;

const between: i32 = 1;
const contextual: i32 = 2;

/** 17 masks of 16 bytes: the first n bytes set. */
const masksAt: usize = 0;
/** An Int32 a code point, 0 while unknown. Pages that nobody touches take no memory. */
const loweredAt: usize = 1024;
const heapAt: usize = 1024 + 4 * 0x110000;

/** A sum in the arena is {hash, count, length in bytes, bytes padded with zeros to 4}. */
const sumHeadBytes: i32 = 12;
/** Words that one step of 64 bytes can close, and the arena's places that they can take. */
const stepWords: i32 = 33;
const stepInts: i32 = 192;

const factor1: u64 = 0x9e3779b97f4a7c15;
const factor2: u64 = 0xd6e8feb86659fd93;

let heapEnd: usize = heapAt;
let unicode: bool = false;
let stride: i32 = 0;
let startField: i32 = 0;
let lengthField: i32 = 0;

let slots: usize = 0;
let slotsLog2: i32 = 0;
let shift: i32 = 0;
let slotMask: u32 = 0;
let generation: i32 = 1;
let distinctMax: i32 = 0;
let arena: usize = 0;
let arenaInts: i32 = 0;

let arenaEnd: i32 = 0;
let distinct: i32 = 0;
let words: f64 = 0;
let records: i32 = 0;
let nullRecords: i32 = 0;
let bytes: f64 = 0;

export function getArena(): usize { return arena; }
export function getArenaEnd(): i32 { return arenaEnd; }
export function getDistinct(): i32 { return distinct; }
export function getWords(): f64 { return words; }
export function getRecords(): i32 { return records; }
export function getNullRecords(): i32 { return nullRecords; }
export function getBytes(): f64 { return bytes; }

export function init(isUnicode: bool, log2: i32, rowStride: i32, rowStart: i32, rowLength: i32): void {
  unicode = isUnicode;
  stride = rowStride;
  startField = rowStart;
  lengthField = rowLength;
  for (let length: usize = 0; length <= 16; length += 1) {
    for (let index: usize = 0; index < 16; index += 1) {
      store<u8>(masksAt + length * 16 + index, index < length ? 0xff : 0);
    }
  }
  makeSlots(log2);
  arenaInts = 1 << 16;
  arena = allocate(<usize>arenaInts << 2);
}

/** Gives out memory for good, on cache lines of its own, with 64 bytes after it that may be read. */
export function allocate(size: usize): usize {
  const at = heapEnd;
  heapEnd = (at + size + 127) & ~63;
  const pages = <i32>((heapEnd + 0xffff) >> 16) - memory.size();
  if (pages > 0 && memory.grow(pages) < 0) unreachable();
  return at;
}

function makeSlots(log2: i32): void {
  slots = allocate(<usize>8 << log2);
  memory.fill(slots, 0, <usize>8 << log2);
  slotsLog2 = log2;
  shift = 32 - log2;
  slotMask = (1 << log2) - 1;
  distinctMax = (1 << (log2 - 1)) - stepWords;
}

export function reset(): void {
  generation += arenaEnd;
  if (generation > 1 << 30) {
    memory.fill(slots, 0, <usize>8 << slotsLog2);
    generation = 1;
  }
  arenaEnd = 0;
  distinct = 0;
  words = 0;
  records = 0;
  nullRecords = 0;
  bytes = 0;
}

/** Adds the records of rows from to to - 1. Values that follow one another with a zero byte between are scanned in one go. */
export function addRows(values: usize, rows: usize, from: i32, to: i32): void {
  records += to - from;
  let runStart: usize = 0;
  let runEnd: usize = 0;
  for (let index = from; index < to; index += 1) {
    const row = rows + (<usize>(index * stride) << 3);
    const length = load<f64>(row + (<usize>lengthField << 3));
    if (length < 0) {
      nullRecords += 1;
      continue;
    }
    bytes += length;
    const start = values + <usize>load<f64>(row + (<usize>startField << 3));
    if (start != runEnd + 1 || load<u8>(runEnd) != 0) {
      if (runEnd > runStart) scan(runStart, runEnd);
      runStart = start;
    }
    runEnd = start + <usize>length;
  }
  if (runEnd > runStart) scan(runStart, runEnd);
}

/** ASCII letters of 16 bytes in lower case, all else as it is. */
// @ts-ignore: decorator
@inline
function lowerOf(v: v128): v128 {
  const upper = i8x16.le_u(i8x16.sub(v, i8x16.splat(0x41)), i8x16.splat(25));
  return v128.or(v, v128.and(upper, i8x16.splat(0x20)));
}

/** A bit a byte: whether it is [a-z0-9_]. `low` is lowercased. */
// @ts-ignore: decorator
@inline
function wordBits(low: v128): u64 {
  const letter = i8x16.le_u(i8x16.sub(low, i8x16.splat(0x61)), i8x16.splat(25));
  const digit = i8x16.le_u(i8x16.sub(low, i8x16.splat(0x30)), i8x16.splat(9));
  const line = i8x16.eq(low, i8x16.splat(0x5f));
  return <u64>i8x16.bitmask(v128.or(v128.or(letter, digit), line));
}

/**
 * Adds the words of [start, end), 64 bytes a step: a bit mask of the bytes that belong to words, whose changes are the borders.
 * Under `unicode` bytes of 0x80 and more belong to a word at first; what has any of them is looked at again, byte by byte.
 */
function scan(start: usize, end: usize): void {
  let open: usize = 0;
  let openBeyond = false;
  let inside: u64 = 0;
  let count: i32 = 0;
  for (let at = start; at < end; at += 64) {
    const a = v128.load(at), b = v128.load(at, 16), c = v128.load(at, 32), d = v128.load(at, 48);
    let beyond = (<u64>i8x16.bitmask(a)) | (<u64>i8x16.bitmask(b) << 16) | (<u64>i8x16.bitmask(c) << 32) | (<u64>i8x16.bitmask(d) << 48);
    let mask = wordBits(lowerOf(a)) | (wordBits(lowerOf(b)) << 16) | (wordBits(lowerOf(c)) << 32) | (wordBits(lowerOf(d)) << 48);
    if (unicode) mask |= beyond; else beyond = 0;
    if (end - at < 64) {
      const valid = (<u64>1 << <u64>(end - at)) - 1;
      mask &= valid;
      beyond &= valid;
    }
    let borders = mask ^ ((mask << 1) | inside);
    inside = mask >> 63;
    if (distinct >= distinctMax || arenaInts - arenaEnd < stepInts) makeRoom(64);
    if (open != 0) {
      if (borders == 0) {
        openBeyond = openBeyond || beyond != 0;
        continue;
      }
      const border = ctz(borders);
      borders &= borders - 1;
      openBeyond = openBeyond || (beyond & ((<u64>1 << border) - 1)) != 0;
      count += addToken(open, at + <usize>border, openBeyond);
      open = 0;
    }
    if (beyond == 0) {
      while (borders != 0) {
        const from = at + <usize>ctz(borders);
        borders &= borders - 1;
        if (borders == 0) {
          open = from;
          openBeyond = false;
          break;
        }
        const length = <i32>(at + <usize>ctz(borders) - from);
        borders &= borders - 1;
        if (length <= 16) addShort(from, length);
        else addLong(from, length);
        count += 1;
      }
    } else {
      while (borders != 0) {
        const first = ctz(borders);
        borders &= borders - 1;
        if (borders == 0) {
          open = at + <usize>first;
          openBeyond = (beyond >> first) != 0;
          break;
        }
        const last = ctz(borders);
        borders &= borders - 1;
        count += addToken(at + <usize>first, at + <usize>last, ((beyond >> first) & ((<u64>1 << (last - first)) - 1)) != 0);
      }
    }
  }
  if (open != 0) {
    makeRoom(64);
    count += addToken(open, end, openBeyond);
  }
  words += <f64>count;
}

/** Returns the words found. */
function addToken(from: usize, to: usize, isBeyond: bool): i32 {
  if (isBeyond) return addBeyond(from, to);
  const length = <i32>(to - from);
  if (length <= 16) addShort(from, length);
  else addLong(from, length);
  return 1;
}

// @ts-ignore: decorator
@inline
function mix(hash: u64, part: v128): u64 {
  const x = hash ^ v128.extract_lane<u64>(part, 0) ^ (v128.extract_lane<u64>(part, 1) * factor1);
  return (x ^ (x >> 32)) * factor2;
}

/**
 * A word of 1 to 16 ASCII bytes: one vector. Its sum is written to the arena's free end in any case, and given up when the word turns
 * out to be known: whether it is can't be foretold, so no branch depends on it.
 */
// @ts-ignore: decorator
@inline
function addShort(from: usize, length: i32): void {
  const mask = v128.load(masksAt + (<usize>length << 4));
  const key = v128.and(lowerOf(v128.load(from)), mask);
  const hash = <i32>(mix(0, key) >> 32);
  const free = arena + (<usize>arenaEnd << 2);
  store<i32>(free, hash);
  store<i32>(free, 0, 4);
  store<i32>(free, length, 8);
  v128.store(free, key, 12);
  let number = <u32>hash >> shift;
  for (;;) {
    const slot = slots + (<usize>number << 3);
    const place = load<i32>(slot, 4) - generation;
    const isNew = place < 0;
    const sum = select<usize>(free, arena + (<usize>place << 2), isNew);
    const difference = v128.xor(v128.and(v128.load(sum, 12), mask), key);
    if (!v128.any_true(difference) && load<i32>(sum, 8) == length) {
      store<i32>(slot, hash);
      store<i32>(slot, generation + <i32>((sum - arena) >> 2), 4);
      store<i32>(sum, load<i32>(sum, 4) + 1, 4);
      arenaEnd += select<i32>(3 + ((length + 3) >> 2), 0, isNew);
      distinct += <i32>isNew;
      return;
    }
    number = (number + 1) & slotMask;
  }
}

/** A longer ASCII word: lowercased into the arena's free end, where it stays if it is new. */
function addLong(from: usize, length: i32): void {
  makeRoom(length);
  const key = arena + (<usize>arenaEnd << 2) + sumHeadBytes;
  for (let index: usize = 0; index < <usize>length; index += 16) v128.store(key + index, lowerOf(v128.load(from + index)));
  addStored(length);
}

/** The word of `length` bytes at the arena's free end. */
function addStored(length: i32): void {
  const sum = arena + (<usize>arenaEnd << 2);
  const key = sum + sumHeadBytes;
  const tail = key + (length & ~15);
  v128.store(tail, v128.and(v128.load(tail), v128.load(masksAt + (<usize>(length & 15) << 4))));
  let mixed: u64 = 0;
  for (let index: i32 = 0; index < length; index += 16) mixed = mix(mixed, v128.load(key + index));
  const hash = <i32>(mixed >> 32);
  let number = <u32>hash >> shift;
  for (;;) {
    const slot = slots + (<usize>number << 3);
    const place = load<i32>(slot, 4) - generation;
    if (place < 0) {
      store<i32>(sum, hash);
      store<i32>(sum, 1, 4);
      store<i32>(sum, length, 8);
      store<i32>(slot, hash);
      store<i32>(slot, generation + arenaEnd, 4);
      arenaEnd += 3 + ((length + 3) >> 2);
      distinct += 1;
      return;
    }
    if (load<i32>(slot) == hash) {
      const other = arena + (<usize>place << 2);
      if (load<i32>(other, 8) == length && memory.compare(other + sumHeadBytes, key, length) == 0) {
        store<i32>(other, load<i32>(other, 4) + 1, 4);
        return;
      }
    }
    number = (number + 1) & slotMask;
  }
}

/** Bytes with some of 0x80 and more between ASCII separators: decodes, splits and lowercases. Returns the words found. */
function addBeyond(from: usize, to: usize): i32 {
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
        store<u8>(target, byte - 0x41 <= 25 ? byte | 0x20 : byte);
        target += 1;
        at += 1;
        wordEnd = at;
        continue;
      }
      const decoded = decode(at, to);
      let lower = lowered(decoded & 0x1fffff);
      at += decoded >> 21;
      if (lower == between) break;
      wordEnd = at;
      if (lower == contextual) whole = true;
      for (; lower != 0; lower = <i32>(<u32>lower >> 8)) {
        store<u8>(target, <u8>lower);
        target += 1;
      }
    }
    if (wordEnd == wordStart) continue;
    const length = whole ? lowercaseWhole(wordStart, wordEnd, key) : <i32>(target - key);
    addStored(length);
    found += 1;
  }
  // The step that called counts on its room.
  makeRoom(64);
  return found;
}

// @ts-ignore: decorator
@inline
function lowered(codePoint: i32): i32 {
  const at = loweredAt + (<usize>codePoint << 2);
  let entry = load<i32>(at);
  if (entry == 0) {
    entry = classify(codePoint);
    store<i32>(at, entry);
  }
  return entry;
}

/** As strict as TextDecoder. Returns code point | bytes taken << 21; code point 0 and one byte for what is invalid. */
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

/** Room for the words of one step, and for one word of `length` bytes, whose lower case may take three bytes for two. */
function makeRoom(length: i32): void {
  if (distinct >= distinctMax) growSlots();
  const needed = arenaEnd + stepInts + ((length + (length >> 1)) >> 2);
  if (needed <= arenaInts) return;
  const before = arena;
  arenaInts = max(needed, arenaInts << 1);
  arena = allocate(<usize>arenaInts << 2);
  memory.copy(arena, before, <usize>arenaEnd << 2);
}

function growSlots(): void {
  const before = slots;
  const end = before + (<usize>8 << slotsLog2);
  makeSlots(slotsLog2 + 1);
  for (let slot = before; slot < end; slot += 8) {
    const place = load<i32>(slot, 4);
    if (place < generation) continue;
    const hash = load<i32>(slot);
    let number = <u32>hash >> shift;
    while (load<i32>(slots + (<usize>number << 3), 4) != 0) number = (number + 1) & slotMask;
    store<i32>(slots + (<usize>number << 3), hash);
    store<i32>(slots + (<usize>number << 3), place, 4);
  }
}
