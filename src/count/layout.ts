import assert from 'node:assert';

/**
 * The memory map of a table: header, then slots, keys and the journal of the current batch, in one
 * growable SharedArrayBuffer. Only this file defines it. Positions are Int32 indices (byte address
 * / 4), so that 31 bits suffice.
 */

/**
 * Int32 indices of the header's control words. Words that different threads poll are on separate
 * cache lines (64 bytes).
 */
export const control = {
  /**
   * Odd while a sealed batch is being applied; rises by 1 before and after. Readers of slots retry
   * around it.
   */
  version: 0,
  /** Which of the two blocks is active: 0 or 1. The next batch is prepared in the other one. */
  activeBlock: 1,
  /** The lease, 64 bits (see lease.ts): which member may write. */
  lease: 16,
  /** Number of batches refused because their writer had lost its lease. */
  refusedWrites: 18,
  /**
   * 0 means no journal. 1 or 2: the journal is sealed, and block 0 or 1 becomes active once it is
   * applied.
   */
  journalSealed: 32,
  /** Position of the journal's first entry. */
  journalAt: 33,
  /** Number of entries in the journal. */
  journalEntries: 34,
  /**
   * Number of readers that ask the writer to pause between two batches, so that they can copy a
   * large table.
   */
  readersWaiting: 48,
} as const;

/**
 * Float64 indices within a block: everything that a batch changes except slots, so that switching
 * `activeBlock` changes it at once.
 */
export const block = {
  /** Offset of the first record not yet counted. */
  nextOffset: 0,
  /** Records counted, null ones included. */
  records: 1,
  /** Records without a value. */
  nullRecords: 2,
  /** Words counted. */
  words: 3,
  /** Bytes of the record values counted. */
  bytes: 4,
  /** Distinct words stored. */
  distinctWords: 5,
  /** Position of the first slot. */
  slotsAt: 6,
  /** Binary logarithm of the number of slots. */
  slotsLog2: 7,
  /** First position that was never allocated; journals are written from here on. */
  memoryEnd: 8,
  /** Free extents for keys: {first position, one past the last}, `extents` times. */
  extents: 9,
  /**
   * Digest of the counted records, modulo 2^64: its low and its high half, each 0 to 2^32 - 1
   * (docs/verification.md).
   */
  digestLow: 17,
  digestHigh: 18,
  /** Ticket of the last batch in the recorded history, 0 for none. */
  batchTicket: 19,
  /** Epoch of the lease under which it was applied. */
  batchEpoch: 20,
  /** Offset of its first record. */
  batchFirstOffset: 21,
  /** Number of times that the table was emptied: keys of an earlier incarnation may be overwritten. */
  incarnation: 22,
  /** Position of twice as many slots that are being filled, or 0: see gradual-growth.ts. */
  growthAt: 23,
} as const;

/** Number of free extents that a block lists. Beyond it, the smallest is dropped. */
export const extents = 4;
export const blockFloats = 24;
const firstBlockAt = 32;
/** First position after the header. */
export const headerInts = 160;

/** @returns the Float64 index of a block, which is 0 or 1 */
export function blockAt(index: number): number {
  return firstBlockAt + index * blockFloats;
}

assert(Object.values(control).every((index) => 2 * firstBlockAt > index));
assert(block.extents + 2 * extents === block.digestLow);
assert(Object.values(block).every((index) => index < blockFloats));
assert(2 * blockAt(2) <= headerInts && headerInts % 16 === 0);

/** A slot is {hash, keyRef, count as Float64}: 16 bytes. It is empty while keyRef is 0. */
export const slotInts = 4;
export const slot = { hash: 0, keyRef: 1, count: 2 } as const;

/**
 * The slots of a table: 2^`log2` of them from position `at`. The search for a word starts at the
 * top `log2` bits of its hash.
 */
export interface Slots {
  readonly at: number;
  readonly log2: number;
}

/**
 * A journal entry is {position of the slot, hash, keyRef, unused, count as Float64}: the complete
 * new image of a slot.
 */
export const entryInts = 6;
export const entry = { slotAt: 0, hash: 1, keyRef: 2, count: 4 } as const;

/**
 * Largest share of used slots: with linear probing, an unsuccessful search then reads 8.5 slots on
 * average.
 */
export const loadMax = 0.75;
/** Some versions of Node reject growable buffers beyond 4 GiB. */
export const tableBytesMax = 2 ** 32;
const growthStepBytes = 1 << 16;

/** @returns the size of a buffer in whole steps that holds `ints` ints */
export function bytesFor(ints: number): number {
  return Math.ceil((ints * 4) / growthStepBytes) * growthStepBytes;
}

export interface TableOptions {
  /** Offset of the first record to count. */
  readonly nextOffset: number;
  /** Size limit of the table in bytes, 64 KiB to 4 GiB. Memory is used only as the table grows. */
  readonly limitBytes: number;
  /** Binary logarithm of the initial number of slots. Default 10: 16 KiB. */
  readonly slotsLog2?: number;
}

/** @returns an empty table without an owner, to be shared among threads */
export function createTable({ nextOffset, limitBytes, slotsLog2 = 10 }: TableOptions): SharedArrayBuffer {
  assert(Number.isSafeInteger(nextOffset) && nextOffset >= 0);
  assert(slotsLog2 >= 2);
  assert(limitBytes >= growthStepBytes && limitBytes <= tableBytesMax, 'limitBytes is 64 KiB to 4 GiB');
  const memoryEnd = headerInts + (slotInts << slotsLog2);
  const buffer = new SharedArrayBuffer(bytesFor(memoryEnd), { maxByteLength: limitBytes });
  const first = new Float64Array(buffer, blockAt(0) * 8, blockFloats);
  first[block.nextOffset] = nextOffset;
  first[block.slotsAt] = headerInts;
  first[block.slotsLog2] = slotsLog2;
  first[block.memoryEnd] = memoryEnd;
  return buffer;
}
