/**
 * The table of the sums: slots that point into an arena, in which the sums follow one another.
 * Memory: masks, then the code points of beyond-ascii.ts, then what `allocate` returns (slots,
 * arena, values, rows).
 */

/** 17 masks of 16 bytes: the first n bytes set. */
const masksAt: usize = 0;
/** One Int32 per code point, 0 while unknown. Pages that are never touched take no memory. */
export const loweredAt: usize = 1024;
const heapAt: usize = 1024 + 4 * 0x110000;

/** A sum in the arena is {hash, count, length in bytes, bytes padded with zeros to 4}. */
export const sumHeadBytes: i32 = 12;
/**
 * Number of words that one step of 64 bytes can end, and the ints of the arena that they can take.
 */
const stepWords: i32 = 33;
export const stepInts: i32 = 192;

const factor1: u64 = 0x9e3779b97f4a7c15;
const factor2: u64 = 0xd6e8feb86659fd93;

let heapEnd: usize = heapAt;
let slots: usize = 0;
let slotsLog2: i32 = 0;
let shift: i32 = 0;
let slotMask: u32 = 0;
let generation: i32 = 1;
export let distinctMax: i32 = 0;
export let arena: usize = 0;
export let arenaInts: i32 = 0;
export let arenaEnd: i32 = 0;
export let distinct: i32 = 0;

export function getArena(): usize { return arena; }
export function getArenaEnd(): i32 { return arenaEnd; }
export function getDistinct(): i32 { return distinct; }

export function makeMasks(): void {
  for (let length: usize = 0; length <= 16; length += 1) {
    for (let index: usize = 0; index < 16; index += 1) {
      store<u8>(masksAt + length * 16 + index, index < length ? 0xff : 0);
    }
  }
}

/**
 * A table that is not selected is {slots, log2 of their number, generation, arena, the arena's
 * size, the arena's end, distinct words}, the totals and the counts of set-rows.ts.
 */
const tableBytes: usize = 72;
export const totals: usize = 32;
export const absolutes: usize = 64;

/** Returns an empty table for later use. */
export function makeTable(log2: i32, ints: i32): usize {
  const table = allocate(tableBytes);
  memory.fill(table, 0, tableBytes);
  store<usize>(table, emptySlots(log2));
  store<i32>(table, log2, 4);
  store<i32>(table, 1, 8);
  store<usize>(table, allocate(<usize>ints << 2), 12);
  store<i32>(table, ints, 16);
  return table;
}

export function saveTable(table: usize): void {
  store<usize>(table, slots);
  store<i32>(table, slotsLog2, 4);
  store<i32>(table, generation, 8);
  store<usize>(table, arena, 12);
  store<i32>(table, arenaInts, 16);
  store<i32>(table, arenaEnd, 20);
  store<i32>(table, distinct, 24);
}

export function loadTable(table: usize): void {
  useSlots(load<usize>(table), load<i32>(table, 4));
  generation = load<i32>(table, 8);
  arena = load<usize>(table, 12);
  arenaInts = load<i32>(table, 16);
  arenaEnd = load<i32>(table, 20);
  distinct = load<i32>(table, 24);
}

export function emptyTable(): void {
  generation += arenaEnd;
  if (generation > 1 << 30) {
    memory.fill(slots, 0, <usize>8 << slotsLog2);
    generation = 1;
  }
  arenaEnd = 0;
  distinct = 0;
}

/** Allocates memory permanently, on separate cache lines, followed by 64 bytes that may be read. */
export function allocate(size: usize): usize {
  const at = heapEnd;
  heapEnd = (at + size + 127) & ~63;
  const pages = <i32>((heapEnd + 0xffff) >> 16) - memory.size();
  if (pages > 0 && memory.grow(pages) < 0) unreachable();
  return at;
}

function emptySlots(log2: i32): usize {
  const at = allocate(<usize>8 << log2);
  memory.fill(at, 0, <usize>8 << log2);
  return at;
}

function useSlots(at: usize, log2: i32): void {
  slots = at;
  slotsLog2 = log2;
  shift = 32 - log2;
  slotMask = (1 << log2) - 1;
  distinctMax = (1 << (log2 - 1)) - stepWords;
}

/** Lowercases the ASCII letters among 16 bytes. */
@inline
export function lowerOf(v: v128): v128 {
  const upper = i8x16.le_u(i8x16.sub(v, i8x16.splat(0x41)), i8x16.splat(25));
  return v128.or(v, v128.and(upper, i8x16.splat(0x20)));
}

@inline
function mix(hash: u64, part: v128): u64 {
  const x = hash ^ v128.extract_lane<u64>(part, 0) ^ (v128.extract_lane<u64>(part, 1) * factor1);
  return (x ^ (x >> 32)) * factor2;
}

/**
 * A word of 1 to 16 ASCII bytes: one vector. Its sum is always written to the arena's free end, and
 * discarded when the word is already known. This is unpredictable, so no branch depends on it.
 */
@inline
export function addShort(from: usize, length: i32): void {
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

/** A longer ASCII word: lowercased at the arena's free end, where it stays if it is new. */
export function addLong(from: usize, length: i32): void {
  makeRoom(length);
  const key = arena + (<usize>arenaEnd << 2) + sumHeadBytes;
  for (let index: usize = 0; index < <usize>length; index += 16) v128.store(key + index, lowerOf(v128.load(from + index)));
  addStored(length);
}

/** Adds the word of `length` bytes at the arena's free end. */
export function addStored(length: i32): void {
  const sum = storedSum(length);
  store<i32>(sum, load<i32>(sum, 4) + 1, 4);
}

/**
 * Returns the sum of the word of `length` bytes at the arena's free end. If the word is new, it
 * stays there, with count 0.
 */
export function storedSum(length: i32): usize {
  const sum = arena + (<usize>arenaEnd << 2);
  const key = sum + sumHeadBytes;
  const tail = key + (length & ~15);
  v128.store(tail, v128.and(v128.load(tail), v128.load(masksAt + (<usize>(length & 15) << 4))));
  let mixed: u64 = 0;
  for (let index: i32 = 0; index < length; index += 16) mixed = mix(mixed, v128.load(key + index));
  const hash = <i32>(mixed >> 32);
  let number = <u32>hash >> shift;
  let slot = slots + (<usize>number << 3);
  let place = load<i32>(slot, 4) - generation;
  while (place >= 0) {
    if (load<i32>(slot) == hash) {
      const other = arena + (<usize>place << 2);
      if (load<i32>(other, 8) == length && memory.compare(other + sumHeadBytes, key, length) == 0) return other;
    }
    number = (number + 1) & slotMask;
    slot = slots + (<usize>number << 3);
    place = load<i32>(slot, 4) - generation;
  }
  store<i32>(sum, hash);
  store<i32>(sum, 0, 4);
  store<i32>(sum, length, 8);
  store<i32>(slot, hash);
  store<i32>(slot, generation + arenaEnd, 4);
  arenaEnd += 3 + ((length + 3) >> 2);
  distinct += 1;
  return sum;
}

/**
 * Makes room for the words of one step, and for one word of `length` bytes, whose lower case may
 * take three bytes for two.
 */
export function makeRoom(length: i32): void {
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
  useSlots(emptySlots(slotsLog2 + 1), slotsLog2 + 1);
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
