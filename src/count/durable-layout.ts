import { bytesFor } from './layout.ts';

/**
 * The memory map of a durable table's cells, beside the table, in one growable SharedArrayBuffer:
 * facts, then the pairs of two sets of changed words. Int32 indices; words that different threads
 * poll are on separate cache lines. Indices 16 and 17 stay unused, because table memory has its
 * lease there.
 */
export const cell = {
  /** The set that takes new notes: 0 or 1. The other one is in flight. */
  noting: 0,
  /** Number of pairs in set 0; the next cell is the one of set 1. */
  sizes: 1,
  /** Rises before every change of the sets other than a note. */
  generation: 3,
  restoring: 4,
  request: 64,
  grant: 80,
} as const;

/** Float64 indices. */
export const fact = {
  committedNextOffset: 16,
  changelogOffset: 17,
  flightWriter: 18,
  flightCommit: 19,
  flightNextOffset: 20,
} as const;

/** First position of the pairs: {hash, keyRef} as in a slot. */
const pairsAt = 96;
export const pairInts = 2;
export const pair = { hash: 0, keyRef: 1 } as const;
/** Chunks of the two sets alternate, so that both can grow. */
const chunkLog2 = 12;
const chunkMask = 2 ** chunkLog2 - 1;

/** @returns the position of a pair of set 0 or 1 */
export function pairPosition(set: number, index: number): number {
  return pairsAt + ((((index >> chunkLog2) * 2 + set) << chunkLog2) | (index & chunkMask)) * pairInts;
}

/** @returns the size of a buffer in which both sets have room for `pairs` pairs */
export function cellsBytesFor(pairs: number): number {
  return bytesFor(pairsAt + Math.ceil(pairs / 2 ** chunkLog2) * 2 ** (chunkLog2 + 1) * pairInts);
}

/** Enough for 64 million changed words. */
const defaultLimitBytes = 2 ** 30;

/**
 * @returns the cells of a durable table without changed words, to be shared among threads
 * @param limitBytes - memory is used only as the number of changed words grows
 */
export function createDurableCells({ limitBytes = defaultLimitBytes } = {}): SharedArrayBuffer {
  return new SharedArrayBuffer(bytesFor(pairsAt), { maxByteLength: limitBytes });
}
