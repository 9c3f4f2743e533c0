import { fillTables } from './memory-map';
import { scan } from './scan';
import { readCounts } from './set-rows';
import { absolutes, emptyTable, loadTable, saveTable, totals } from './sums-table';

export { allocate } from './memory-map';
export { getArena, getArenaEnd, getDistinct, makeTable } from './sums-table';
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
  fillTables();
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
      if (runEnd > runStart) words += <f64>scan(runStart, runEnd, unicode);
      runStart = start;
    }
    runEnd = start + <usize>length;
  }
  if (runEnd > runStart) words += <f64>scan(runStart, runEnd, unicode);
}

export function getCounts(): usize { return load<usize>(current + absolutes); }

/** See set-rows.ts. */
export function setRows(values: usize, rows: usize, from: i32, to: i32): i32 {
  return readCounts(current, values, rows, stride, startField, lengthField, from, to);
}
