import assert from 'node:assert';
import { largest, smallest } from '../statistics/extremes.ts';

/**
 * The memory map of a member's ring, defined only here. The member's thread writes and the main
 * thread reads. One store of `head` publishes a row; published rows survive the member's death.
 */

/** Int32 indices. Those of writer and reader are on separate cache lines (64 bytes). */
export const ringControl = {
  /** Rows written since the start, modulo 2^32. */
  head: 0,
  /** 1 while the writer holds a ticket whose row is not published yet. */
  writing: 1,
  /** Rows dropped because the ring was full, since the reader last reset it. */
  dropped: 2,
  /** Rows read since the start, modulo 2^32. */
  tail: 16,
} as const;

const headerBytes = 128;
/**
 * Capacity in rows, a power of 2. A member writes a few thousand rows per second at full speed, and
 * the reader empties the ring ten times a second.
 */
export const ringRows = 1 << 14;
export const rowBytes = 64;

/** Fields of a row, in units of their kind: Float64 of 8 bytes, Int32 of 4. They do not overlap. */
export const rowFloat = { ticket: 0, atMs: 1, firstOffset: 2, lastOffset: 3 } as const;
export const rowInt = {
  type: 8,
  partition: 9,
  epoch: 10,
  records: 11,
  words: 12,
  digestLow: 13,
  digestHigh: 14,
} as const;

assert(smallest(Object.values(rowInt)) * 4 >= (largest(Object.values(rowFloat)) + 1) * 8);
assert(Object.values(rowInt).every((index) => index * 4 < rowBytes));

export function createRing(rows = ringRows): SharedArrayBuffer {
  assert(Number.isInteger(Math.log2(rows)));
  return new SharedArrayBuffer(headerBytes + rows * rowBytes);
}

/** The views of a ring. Index of a row's first number: `number * rowBytes / size`. */
export class RingMemory {
  readonly control: Int32Array;
  readonly floats: Float64Array;
  readonly ints: Int32Array;
  readonly rows: number;

  constructor(ring: SharedArrayBuffer) {
    this.control = new Int32Array(ring, 0, headerBytes / 4);
    this.floats = new Float64Array(ring, headerBytes);
    this.ints = new Int32Array(ring, headerBytes);
    this.rows = this.floats.byteLength / rowBytes;
  }
}

/**
 * @returns a cell with the next ticket, shared by all threads of a history; the first ticket is 1
 */
export function createTickets(): SharedArrayBuffer {
  const tickets = new SharedArrayBuffer(BigInt64Array.BYTES_PER_ELEMENT);
  new BigInt64Array(tickets)[0] = 1n;
  return tickets;
}
