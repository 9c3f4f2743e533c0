import type { BatchSums } from './batch-sums.ts';
import type { FreeMemory } from './free-memory.ts';
import { entry, entryInts, slot, slotInts, type Slots } from './layout.ts';
import { keysEqual } from './keys.ts';
import { nextSum, sum } from './batch-sums.ts';
import type { TableMemory } from './table-memory.ts';

/** Private memory of a writer, reused for each batch. */
export interface JournalScratch {
  /**
   * One bit per slot: set while the slot is reserved for a new word of the current batch. All zero
   * between batches.
   */
  reserved: Uint8Array;
}

interface JournalBounds {
  /** Position of the first entry. The memory has room for `sums.distinct` entries from there. */
  readonly journalAt: number;
  readonly newWordsMax: number;
}

/**
 * Writes the journal of a batch and the keys of its new words. Slots are only read: a new word gets
 * the first slot on its probe sequence that is empty and not reserved for another word of the
 * batch.
 * @returns the number of new words; undefined when there would be more than `newWordsMax`
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
  const { arena, arenaEnd } = sums;
  const mask = (1 << slots.log2) - 1;
  if (scratch.reserved.length <= mask >> 3) scratch.reserved = new Uint8Array((mask >> 3) + 1);
  const { reserved } = scratch;
  let newWords = 0;
  let journal = journalAt;
  for (let from = 0; from < arenaEnd && newWords <= newWordsMax; from = nextSum(arena, from)) {
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
  return newWords > newWordsMax ? undefined : newWords;
}
