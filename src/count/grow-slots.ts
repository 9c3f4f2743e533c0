import type { BatchSums } from './batch-sums.ts';
import type { FreeMemory } from './free-memory.ts';
import { slot, slotInts, type Slots } from './layout.ts';
import { keysEqual } from './keys.ts';
import { nextSum, sum } from './batch-sums.ts';
import type { TableMemory } from './table-memory.ts';

/**
 * Fills a larger set of slots, in new memory, with all words of the old one and the batch. The old
 * slots stay as they are.
 * @param to - more slots than `from`, in memory with arbitrary contents
 * @returns the number of new words
 */
export function growSlots(memory: TableMemory, from: Slots, to: Slots, sums: BatchSums, free: FreeMemory): number {
  const { ints } = memory;
  const end = to.at + 2 ** to.log2 * slotInts;
  for (let at = to.at; at < end; at += 1) ints[at] = 0;
  copySlots(memory, from, to);
  return addSums(memory, to, sums, free);
}

/**
 * Reads and writes in the same order: slots are ordered by the top bits of hashes, so memory is
 * accessed sequentially.
 */
function copySlots({ ints, floats }: TableMemory, from: Slots, to: Slots): void {
  const mask = (1 << to.log2) - 1;
  const end = from.at + 2 ** from.log2 * slotInts;
  for (let oldAt = from.at; oldAt < end; oldAt += slotInts) {
    const keyRef = ints[oldAt + slot.keyRef] ?? 0;
    if (keyRef === 0) continue;
    const hash = ints[oldAt + slot.hash] ?? 0;
    let number = hash >>> (32 - to.log2);
    while (ints[to.at + number * slotInts + slot.keyRef] !== 0) number = (number + 1) & mask;
    const slotAt = to.at + number * slotInts;
    ints[slotAt + slot.hash] = hash;
    ints[slotAt + slot.keyRef] = keyRef;
    floats[(slotAt + slot.count) >> 1] = floats[(oldAt + slot.count) >> 1] ?? 0;
  }
}

function addSums({ ints, floats }: TableMemory, to: Slots, { arena, arenaEnd }: BatchSums, free: FreeMemory): number {
  const mask = (1 << to.log2) - 1;
  let newWords = 0;
  for (let from = 0; from < arenaEnd; from = nextSum(arena, from)) {
    const hash = arena[from + sum.hash] ?? 0;
    let number = hash >>> (32 - to.log2);
    let slotAt = to.at + number * slotInts;
    for (let keyRef = ints[slotAt + slot.keyRef] ?? 0; keyRef !== 0; keyRef = ints[slotAt + slot.keyRef] ?? 0) {
      if (ints[slotAt + slot.hash] === hash && keysEqual(ints, keyRef, arena, from + sum.key)) break;
      number = (number + 1) & mask;
      slotAt = to.at + number * slotInts;
    }
    if (ints[slotAt + slot.keyRef] === 0) {
      newWords += 1;
      ints[slotAt + slot.hash] = hash;
      ints[slotAt + slot.keyRef] = free.placeKey(ints, arena, from + sum.key);
    }
    const countAt = (slotAt + slot.count) >> 1;
    floats[countAt] = (floats[countAt] ?? 0) + (arena[from + sum.count] ?? 0);
  }
  return newWords;
}
