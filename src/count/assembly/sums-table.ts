import { allocate, maskOf } from './memory-map';

/** The table of the sums: slots that point into an arena, in which the sums follow one another. */

/** A sum in the arena is {hash, count, length in bytes, bytes padded with zeros to 4}. */
export const sumHeadBytes: i32 = 12;
/** Words that may be added, and the ints of the arena that they can take, after `makeRoom`. */
const roomWords: i32 = 33;
const roomInts: i32 = 192;
/** What a word of up to 32 bytes writes at the arena's free end. */
const freeInts: i32 = 11;
/**
 * Up to this size, slots are at most a quarter full: a collision costs a mispredicted branch.
 * Larger ones are at most half full, because they take memory and cache.
 */
const sparseLog2: i32 = 16;

const factor1: u64 = 0x9e3779b97f4a7c15;
const factor2: u64 = 0xd6e8feb86659fd93;

/** A slot is the position of a sum in the arena + generation; less is empty. */
let slots: usize = 0;
let slotsLog2: i32 = 0;
let shift: i32 = 0;
let slotMask: u32 = 0;
let generation: i32 = 1;
let distinctMax: i32 = 0;
export let arena: usize = 0;
let arenaInts: i32 = 0;
export let arenaEnd: i32 = 0;
export let distinct: i32 = 0;

export function getArena(): usize { return arena; }
export function getArenaEnd(): i32 { return arenaEnd; }
export function getDistinct(): i32 { return distinct; }

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
    memory.fill(slots, 0, <usize>4 << slotsLog2);
    generation = 1;
  }
  arenaEnd = 0;
  distinct = 0;
}

function emptySlots(log2: i32): usize {
  const at = allocate(<usize>4 << log2);
  memory.fill(at, 0, <usize>4 << log2);
  return at;
}

function useSlots(at: usize, log2: i32): void {
  slots = at;
  slotsLog2 = log2;
  shift = 32 - log2;
  slotMask = (1 << log2) - 1;
  distinctMax = (1 << (log2 - (log2 <= sparseLog2 ? 2 : 1))) - roomWords;
}

@inline
function mix(hash: u64, part: v128): u64 {
  const x = hash ^ v128.extract_lane<u64>(part, 0) ^ (v128.extract_lane<u64>(part, 1) * factor1);
  return (x ^ (x >> 32)) * factor2;
}

/**
 * Adds a word of 1 to 16 bytes: one vector. Its sum is always written to the arena's free end, and
 * discarded when the word is already known. That is unpredictable, so no branch depends on it.
 */
@inline
export function addShort(from: usize, length: i32): void {
  const mask = maskOf(length);
  const key = v128.and(v128.load(from), mask);
  const hash = <i32>(mix(0, key) >> 32);
  const free = arena + (<usize>arenaEnd << 2);
  store<u64>(free, <u64><u32>hash);
  store<i32>(free, length, 8);
  v128.store(free, key, 12);
  for (let number = <u32>hash >> shift; ; number = (number + 1) & slotMask) {
    const sum = candidate(number, free);
    const difference = v128.xor(v128.and(v128.load(sum, 12), mask), key);
    if (!v128.any_true(difference) && load<i32>(sum, 8) == length) return settle(number, sum, length);
  }
}

/** Adds a word of 17 to 32 bytes like a short one: two vectors. */
@inline
export function addMedium(from: usize, length: i32): void {
  const mask = maskOf(length - 16);
  const key = v128.load(from);
  const rest = v128.and(v128.load(from, 16), mask);
  const hash = <i32>(mix(mix(0, key), rest) >> 32);
  const free = arena + (<usize>arenaEnd << 2);
  store<u64>(free, <u64><u32>hash);
  store<i32>(free, length, 8);
  v128.store(free, key, 12);
  v128.store(free, rest, 28);
  for (let number = <u32>hash >> shift; ; number = (number + 1) & slotMask) {
    const sum = candidate(number, free);
    const differenceOfRest = v128.xor(v128.and(v128.load(sum, 28), mask), rest);
    const difference = v128.or(v128.xor(v128.load(sum, 12), key), differenceOfRest);
    if (!v128.any_true(difference) && load<i32>(sum, 8) == length) return settle(number, sum, length);
  }
}

/** The sum of a slot; `free` when the slot is empty. */
@inline
function candidate(number: u32, free: usize): usize {
  const place = load<i32>(slots + (<usize>number << 2)) - generation;
  return select<usize>(free, arena + (<usize>place << 2), place < 0);
}

/** Counts a word whose sum belongs into a slot, and keeps the sum if it is new. */
@inline
function settle(number: u32, sum: usize, length: i32): void {
  const place = <i32>((sum - arena) >> 2);
  store<i32>(slots + (<usize>number << 2), generation + place);
  store<i32>(sum, load<i32>(sum, 4) + 1, 4);
  const isNew = place == arenaEnd;
  arenaEnd += select<i32>(3 + ((length + 3) >> 2), 0, isNew);
  distinct += <i32>isNew;
}

/** Adds a word of any length. */
export function addLong(from: usize, length: i32): void {
  makeRoom(length);
  const key = arena + (<usize>arenaEnd << 2) + sumHeadBytes;
  for (let index: usize = 0; index < <usize>length; index += 16) v128.store(key + index, v128.load(from + index));
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
  v128.store(tail, v128.and(v128.load(tail), maskOf(length & 15)));
  let mixed: u64 = 0;
  for (let index: i32 = 0; index < length; index += 16) mixed = mix(mixed, v128.load(key + index));
  const hash = <i32>(mixed >> 32);
  let slot = slots + (<usize>(<u32>hash >> shift) << 2);
  let place = load<i32>(slot) - generation;
  while (place >= 0) {
    const other = arena + (<usize>place << 2);
    if (load<i32>(other) == hash && load<i32>(other, 8) == length && isSameKey(other + sumHeadBytes, key, length)) return other;
    slot = slots + ((slot - slots + 4) & ((<usize>slotMask << 2) | 3));
    place = load<i32>(slot) - generation;
  }
  store<u64>(sum, <u64><u32>hash);
  store<i32>(sum, length, 8);
  store<i32>(slot, generation + arenaEnd);
  arenaEnd += 3 + ((length + 3) >> 2);
  distinct += 1;
  return sum;
}

/** Compares two keys of `length` bytes, whatever follows them. */
@inline
function isSameKey(one: usize, other: usize, length: i32): bool {
  for (let index: i32 = 0; index < length; index += 16) {
    const difference = v128.xor(v128.load(one + index), v128.load(other + index));
    if (v128.any_true(v128.and(difference, maskOf(min(length - index, 16))))) return false;
  }
  return true;
}

/**
 * Makes room for `wordsWithRoom` words of up to 32 bytes, and for one word of `length` bytes, whose
 * lower case may take three bytes for two.
 */
export function makeRoom(length: i32): void {
  if (distinct >= distinctMax) growSlots();
  const needed = arenaEnd + roomInts + ((length + (length >> 1)) >> 2);
  if (needed <= arenaInts) return;
  const before = arena;
  arenaInts = max(needed, arenaInts << 1);
  arena = allocate(<usize>arenaInts << 2);
  memory.copy(arena, before, <usize>arenaEnd << 2);
}

/** Number of words of up to 32 bytes that may be added without a further `makeRoom`. */
@inline
export function wordsWithRoom(): i32 {
  return min(distinctMax + roomWords - distinct, (arenaInts - arenaEnd) / freeInts);
}

function growSlots(): void {
  useSlots(emptySlots(slotsLog2 + 1), slotsLog2 + 1);
  for (let place = 0; place < arenaEnd; ) {
    const sum = arena + (<usize>place << 2);
    let number = load<u32>(sum) >> shift;
    while (load<i32>(slots + (<usize>number << 2)) != 0) number = (number + 1) & slotMask;
    store<i32>(slots + (<usize>number << 2), generation + place);
    place += 3 + ((load<i32>(sum, 8) + 3) >> 2);
  }
}
