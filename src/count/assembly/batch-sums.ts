import { addBeyond } from './beyond-ascii';
import { readCounts } from './set-rows';
import {
  absolutes, addLong, addShort, arenaEnd, arenaInts, distinct, distinctMax, emptyTable, loadTable, lowerOf, makeMasks, makeRoom, saveTable, stepInts, totals,
} from './sums-table';

export { allocate, getArena, getArenaEnd, getDistinct, makeTable } from './sums-table';
export { initKeys } from './set-rows';

/**
 * The private sums of a member, in WebAssembly: tokenizer, hash and table of records in one pass,
 * 64 bytes per step. Each partition has a table; the globals here and in sums-table.ts are those of
 * the selected one. AssemblyScript, compiled by setup/assembly.js. src/count/batch-sums.ts calls it
 * and classifies code points.
 */

let unicode: bool = false;
let stride: i32 = 0;
let startField: i32 = 0;
let lengthField: i32 = 0;

let current: usize = 0;
let words: f64 = 0;
let records: i32 = 0;
let nullRecords: i32 = 0;
let bytes: f64 = 0;
/** -1 when the rows have no partition and offset: then there is no digest. */
let partitionField: i32 = -1;
let offsetField: i32 = -1;
let digest: u64 = 0;

export function getWords(): f64 { return words; }
export function getRecords(): i32 { return records; }
export function getNullRecords(): i32 { return nullRecords; }
export function getBytes(): f64 { return bytes; }
export function getDigestLow(): u32 { return <u32>digest; }
export function getDigestHigh(): u32 { return <u32>(digest >> 32); }

export function init(isUnicode: bool, rowStride: i32, rowStart: i32, rowLength: i32, rowPartition: i32, rowOffset: i32): void {
  unicode = isUnicode;
  stride = rowStride;
  startField = rowStart;
  lengthField = rowLength;
  partitionField = rowPartition;
  offsetField = rowOffset;
  makeMasks();
}

/** Selects the table for all later calls. `makeTable` has returned it. */
export function useTable(table: usize): void {
  if (table == current) return;
  if (current != 0) {
    saveTable(current);
    const at = current + totals;
    store<f64>(at, words);
    store<f64>(at, bytes, 8);
    store<i32>(at, records, 16);
    store<i32>(at, nullRecords, 20);
    store<u64>(at, digest, 24);
  }
  current = table;
  loadTable(table);
  const at = table + totals;
  words = load<f64>(at);
  bytes = load<f64>(at, 8);
  records = load<i32>(at, 16);
  nullRecords = load<i32>(at, 20);
  digest = load<u64>(at, 24);
}

export function reset(): void {
  emptyTable();
  words = 0;
  records = 0;
  nullRecords = 0;
  bytes = 0;
  digest = 0;
}

/**
 * A record's contribution to the digest (docs/verification.md), a function of offset, partition and
 * length of the value.
 */
@inline
function digestOf(row: usize, length: f64): u64 {
  const place = <u64>load<f64>(row + (<usize>offsetField << 3));
  const what = (<u64>load<f64>(row + (<usize>partitionField << 3)) << 32) | <u64>(length + 2);
  let mixed = place * 0x9e3779b97f4a7c15 + what * 0xc2b2ae3d27d4eb4f;
  mixed = (mixed ^ (mixed >> 30)) * 0xbf58476d1ce4e5b9;
  mixed = (mixed ^ (mixed >> 27)) * 0x94d049bb133111eb;
  return mixed ^ (mixed >> 31);
}

/**
 * Adds the records of rows from to to - 1. Values that follow one another with a zero byte between
 * are scanned in one pass.
 */
export function addRows(values: usize, rows: usize, from: i32, to: i32): void {
  records += to - from;
  let runStart: usize = 0;
  let runEnd: usize = 0;
  for (let index = from; index < to; index += 1) {
    const row = rows + (<usize>(index * stride) << 3);
    const length = load<f64>(row + (<usize>lengthField << 3));
    if (offsetField >= 0) digest += digestOf(row, length);
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

export function getCounts(): usize { return load<usize>(current + absolutes); }

/** See set-rows.ts. */
export function setRows(values: usize, rows: usize, from: i32, to: i32): i32 {
  return readCounts(current, values, rows, stride, startField, lengthField, from, to);
}

/** One bit per byte: set when the byte is [a-z0-9_]. `low` is lowercased. */
@inline
function wordBits(low: v128): u64 {
  const letter = i8x16.le_u(i8x16.sub(low, i8x16.splat(0x61)), i8x16.splat(25));
  const digit = i8x16.le_u(i8x16.sub(low, i8x16.splat(0x30)), i8x16.splat(9));
  const line = i8x16.eq(low, i8x16.splat(0x5f));
  return <u64>i8x16.bitmask(v128.or(v128.or(letter, digit), line));
}

@inline
function bitsOf(a: v128, b: v128, c: v128, d: v128, value: i8): u64 {
  const wanted = i8x16.splat(value);
  return (
    <u64>i8x16.bitmask(i8x16.eq(a, wanted)) | (<u64>i8x16.bitmask(i8x16.eq(b, wanted)) << 16) |
    (<u64>i8x16.bitmask(i8x16.eq(c, wanted)) << 32) | (<u64>i8x16.bitmask(i8x16.eq(d, wanted)) << 48)
  );
}

/**
 * U+2000 to U+203F, E2 80 and one more byte: the dashes and quotation marks of typeset text. None
 * of them belongs to a word.
 */
function punctuationBits(a: v128, b: v128, c: v128, d: v128): u64 {
  const first = bitsOf(a, b, c, d, <i8>0xe2) & (bitsOf(a, b, c, d, <i8>0x80) >> 1);
  if (first == 0) return 0;
  const bit6 = i8x16.splat(0x40), bit7 = i8x16.splat(<i8>0x80);
  const continuation =
    <u64>i8x16.bitmask(v128.andnot(v128.and(a, bit7), i8x16.shl(v128.and(a, bit6), 1))) |
    (<u64>i8x16.bitmask(v128.andnot(v128.and(b, bit7), i8x16.shl(v128.and(b, bit6), 1))) << 16) |
    (<u64>i8x16.bitmask(v128.andnot(v128.and(c, bit7), i8x16.shl(v128.and(c, bit6), 1))) << 32) |
    (<u64>i8x16.bitmask(v128.andnot(v128.and(d, bit7), i8x16.shl(v128.and(d, bit6), 1))) << 48);
  return first | (first << 1) | ((first << 2) & continuation);
}

/**
 * Adds the words of [start, end), 64 bytes per step. A bit mask marks the bytes that belong to
 * words, and its changes are the borders. Under `unicode`, bytes from 0x80 on belong to a word at
 * first; words with such bytes are processed again, byte by byte.
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
    if (unicode) {
      if (beyond != 0) beyond ^= punctuationBits(a, b, c, d);
      mask |= beyond;
    } else beyond = 0;
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

/** @returns the number of words found */
function addToken(from: usize, to: usize, isBeyond: bool): i32 {
  if (isBeyond) return addBeyond(from, to);
  const length = <i32>(to - from);
  if (length <= 16) addShort(from, length);
  else addLong(from, length);
  return 1;
}
