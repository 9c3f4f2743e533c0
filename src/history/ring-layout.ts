import assert from 'node:assert';
import { largest, smallest } from '../statistics/extremes.ts';

/**
 * The memory map of a member's ring: its only definition. One writer, the member's thread; one reader, the main thread.
 * A row is published by one store of `head`; rows that were published survive the member's death.
 */

/** Int32 indices, on cache lines (64 bytes) of their own. */
export const ringControl = {
  /** Rows written since the start, modulo 2^32. */
  head: 0,
  /** Not 0 while the writer holds a ticket whose row is not published yet. */
  writing: 1,
  /** Rows that found the ring full, since the reader last looked. */
  dropped: 2,
  /** Rows read since the start, modulo 2^32. */
  tail: 16,
} as const;

const headerBytes = 128;
/** Rows; a power of 2. At full speed a member writes a few thousand a second, and the reader comes ten times a second. */
export const ringRows = 1 << 14;
export const rowBytes = 64;

/** Within a row, in units of its kind: Float64 of 8 bytes, Int32 of 4. No two overlap. */
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

/** The next ticket to be given out, shared by all threads of a history. Tickets begin at 1. */
export function createTickets(): SharedArrayBuffer {
  const tickets = new SharedArrayBuffer(BigInt64Array.BYTES_PER_ELEMENT);
  new BigInt64Array(tickets)[0] = 1n;
  return tickets;
}
