import { sum, type BatchSums } from './batch-sums.ts';
import type { FreeMemory } from './free-memory.ts';
import { entry, entryInts, slot, slotInts, type Slots } from './layout.ts';
import { keysEqual } from './keys.ts';
import type { SumOrder } from './sum-order.ts';
import type { Numbers, TableMemory } from './table-memory.ts';

/** Private memory of a writer, reused for each batch. */
export interface JournalScratch {
  readonly order: SumOrder;
  /**
   * One bit per slot: set while the slot is reserved for a new word of the current batch. All zero
   * between batches.
   */
  reserved: Uint8Array;
}

type Arranged = Pick<BatchSums, 'arena' | 'distinct'>;

interface JournalBounds {
  /** Position of the first entry. The memory has room for `sums.distinct` entries from there. */
  readonly journalAt: number;
  readonly newWordsMax: number;
}

/** Number of words whose slots and keys are read together, so that their cache misses overlap. */
const wordsAhead = 32;
const keyRefs = new Int32Array(wordsAhead);
/** Smaller tables stay in the second-level cache. */
const touchedFromLog2 = 14;
/** New words that a batch may have beyond the even share of those it has gone through. */
const newWordsAhead = 256;

/**
 * Writes the journal of a batch, in the order of `scratch.order`, and the keys of its new words.
 * Slots are only read: a new word gets the first slot on its probe sequence that is empty and not
 * reserved for another word of the batch.
 *
 * The order is that of the slots, so the first new words fill the first slots: a batch with too many
 * of them would use up `newWordsMax` in a part of the slots, where each search is then as long as
 * that part. So new words may only come evenly. They do, because a hash does not depend on whether
 * its word is new.
 * @returns the number of new words; undefined when there would probably be more than `newWordsMax`.
 *   Never when `newWordsMax` is at least the number of words
 */
export function journalBatch(
  memory: TableMemory,
  slots: Slots,
  sums: BatchSums,
  free: FreeMemory,
  { journalAt, newWordsMax }: JournalBounds,
  scratch: JournalScratch,
): number | undefined {
  const { ints, floats } = memory;
  // Read once: each access creates a view.
  const read = { arena: sums.arena, distinct: sums.distinct };
  const { arena, distinct } = read;
  const mask = (1 << slots.log2) - 1;
  if (scratch.reserved.length <= mask >> 3) scratch.reserved = new Uint8Array((mask >> 3) + 1);
  const { reserved } = scratch;
  scratch.order.arrange(sums);
  const { positions } = scratch.order;
  const share = newWordsMax / distinct;
  let newWords = 0;
  let allowed = 0;
  let journal = journalAt;
  for (let index = 0; index < distinct && newWords <= allowed; index += 1) {
    allowed = Math.min(newWordsMax, share * (index + 1) + newWordsAhead);
    if (index % wordsAhead === 0 && slots.log2 >= touchedFromLog2) touch(ints, slots, read, positions, index);
    const from = positions[index] ?? 0;
    const hash = arena[from + sum.hash] ?? 0;
    let number = hash >>> (32 - slots.log2);
    let slotAt = slots.at + number * slotInts;
    let keyRef = ints[slotAt + slot.keyRef] ?? 0;
    while (
      keyRef === 0
        ? ((reserved[number >> 3] ?? 0) & (1 << (number & 7))) !== 0
        : ints[slotAt + slot.hash] !== hash || !keysEqual(ints, keyRef, arena, from + sum.key)
    ) {
      number = (number + 1) & mask;
      slotAt = slots.at + number * slotInts;
      keyRef = ints[slotAt + slot.keyRef] ?? 0;
    }
    let count = arena[from + sum.count] ?? 0;
    if (keyRef === 0) {
      newWords += 1;
      reserved[number >> 3] = (reserved[number >> 3] ?? 0) | (1 << (number & 7));
      keyRef = free.placeKey(ints, arena, from + sum.key);
    } else {
      count += floats[(slotAt + slot.count) >> 1] ?? 0;
    }
    ints[journal + entry.slotAt] = slotAt;
    ints[journal + entry.hash] = hash;
    ints[journal + entry.keyRef] = keyRef;
    floats[(journal + entry.count) >> 1] = count;
    journal += entryInts;
  }
  // Whole bytes may be cleared, because all reservations of this batch end here.
  for (let at = journalAt; at < journal; at += entryInts) {
    reserved[((ints[at + entry.slotAt] ?? 0) - slots.at) >> 5] = 0;
  }
  return newWords > allowed ? undefined : newWords;
}

/**
 * Reads the slots of the next words, and then their keys. The result is stored, because a compiler
 * may leave out reads without a use.
 */
function touch(ints: Numbers, slots: Slots, { arena, distinct }: Arranged, positions: Int32Array, first: number): void {
  const shift = 32 - slots.log2;
  const count = Math.min(wordsAhead, distinct - first);
  for (let index = 0; index < count; index += 1) {
    const number = (arena[(positions[first + index] ?? 0) + sum.hash] ?? 0) >>> shift;
    keyRefs[index] = ints[slots.at + number * slotInts + slot.keyRef] ?? 0;
  }
  let seen = 0;
  for (let index = 0; index < count; index += 1) seen ^= ints[keyRefs[index] ?? 0] ?? 0;
  keyRefs[0] = seen;
}
