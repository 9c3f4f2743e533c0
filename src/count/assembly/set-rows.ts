import { allocate } from './memory-map';
import { absolutes, arena, arenaEnd, distinct, makeRoom, storedSum, sumHeadBytes } from './sums-table';

/** Columns of the key. */
let keyStartField: i32 = -1;
let keyLengthField: i32 = -1;

const countsFirst: i32 = 1 << 12;
const countMax: u64 = (1 << 53) - 1;

export function initKeys(start: i32, length: i32): void {
  keyStartField = start;
  keyLengthField = length;
}

/**
 * Sets the counts of words to those of rows from to to - 1, whose keys are words and whose values
 * are signed longs, big endian. The counts are in an array of the table, and a sum has its index
 * instead of a count. Returns the number of rows that are neither counts nor without a word.
 */
export function readCounts(
  table: usize, values: usize, rows: usize, stride: i32, startField: i32, lengthField: i32, from: i32, to: i32,
): i32 {
  let counts = load<usize>(table + absolutes);
  let malformed: i32 = 0;
  for (let index = from; index < to; index += 1) {
    const row = rows + (<usize>(index * stride) << 3);
    const length = <i32>load<f64>(row + (<usize>keyLengthField << 3));
    if (length < 0) continue;
    const key = values + <usize>load<f64>(row + (<usize>keyStartField << 3));
    if (length != 0 && load<u8>(key) == 0) continue;
    const count = countAt(values, row, startField, lengthField);
    if (length == 0 || count == 0) {
      malformed += 1;
      continue;
    }
    makeRoom(length);
    const target = arena + (<usize>arenaEnd << 2) + sumHeadBytes;
    if (length <= 16) v128.store(target, v128.load(key));
    else memory.copy(target, key, length);
    const known = distinct;
    const sum = storedSum(length);
    if (distinct != known) {
      store<i32>(sum, known, 4);
      if (known == load<i32>(table + absolutes, 4)) counts = growCounts(table);
    }
    store<f64>(counts + (<usize>load<i32>(sum, 4) << 3), <f64>count);
  }
  return malformed;
}

/** Returns 0 unless the value is a count of a word. */
@inline
function countAt(values: usize, row: usize, startField: i32, lengthField: i32): u64 {
  if (load<f64>(row + (<usize>lengthField << 3)) != 8) return 0;
  const count = bswap<u64>(load<u64>(values + <usize>load<f64>(row + (<usize>startField << 3))));
  return count <= countMax ? count : 0;
}

function growCounts(table: usize): usize {
  const before = load<usize>(table + absolutes);
  const room = load<i32>(table + absolutes, 4);
  const grown = max(countsFirst, room << 1);
  const counts = allocate(<usize>grown << 3);
  memory.copy(counts, before, <usize>room << 3);
  store<usize>(table + absolutes, counts);
  store<i32>(table + absolutes, grown, 4);
  return counts;
}
