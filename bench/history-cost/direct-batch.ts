import { nextSum, sum, type BatchSums } from '../../src/count/batch-sums.ts';
import { FreeMemory } from '../../src/count/free-memory.ts';
import { keysEqual } from '../../src/count/keys.ts';
import { block, blockAt, bytesFor, control, loadMax, slot, slotInts } from '../../src/count/layout.ts';
import type { TableMemory } from '../../src/count/table-memory.ts';

/**
 * Applies a batch without a journal, to measure the journal's cost: counts are added in the slots,
 * totals in the active block. A thread that dies here leaves a torn table, and a reader may see
 * half a batch.
 * @returns false when the slots would get too full; the journalled way then grows the table for
 *   both variants
 */
export function directBatch(memory: TableMemory, sums: BatchSums, nextOffset: number): boolean {
  const active = blockAt(memory.load(control.activeBlock));
  const log2 = memory.floats[active + block.slotsLog2] ?? 0;
  const distinct = memory.floats[active + block.distinctWords] ?? 0;
  if (distinct + sums.distinct > 2 ** log2 * loadMax) return false;
  const free = new FreeMemory(memory.floats, active, sums.keysInts, memory.limitBytes / 4);
  if (!memory.growTo(bytesFor(free.tailAt))) return false;
  const { ints, floats } = memory;
  const newWords = addInPlace(memory, { at: floats[active + block.slotsAt] ?? 0, log2 }, sums, free);
  const add = (index: number, amount: number): void => {
    floats[active + index] = (floats[active + index] ?? 0) + amount;
  };
  add(block.records, sums.records);
  add(block.nullRecords, sums.nullRecords);
  add(block.words, sums.words);
  add(block.bytes, sums.bytes);
  add(block.distinctWords, newWords);
  floats[active + block.nextOffset] = nextOffset;
  free.save(floats, active);
  return ints.length > 0;
}

function addInPlace(
  { ints, floats }: TableMemory,
  slots: { readonly at: number; readonly log2: number },
  { arena, arenaEnd }: BatchSums,
  free: FreeMemory,
): number {
  const mask = 2 ** slots.log2 - 1;
  let newWords = 0;
  for (let from = 0; from < arenaEnd; from = nextSum(arena, from)) {
    const hash = arena[from + sum.hash] ?? 0;
    let number = hash >>> (32 - slots.log2);
    let slotAt = slots.at + number * slotInts;
    let keyRef = ints[slotAt + slot.keyRef] ?? 0;
    while (keyRef !== 0 && (ints[slotAt + slot.hash] !== hash || !keysEqual(ints, keyRef, arena, from + sum.key))) {
      number = (number + 1) & mask;
      slotAt = slots.at + number * slotInts;
      keyRef = ints[slotAt + slot.keyRef] ?? 0;
    }
    if (keyRef === 0) {
      newWords += 1;
      ints[slotAt + slot.hash] = hash;
      ints[slotAt + slot.keyRef] = free.placeKey(ints, arena, from + sum.key);
    }
    const countAt = (slotAt + slot.count) >> 1;
    floats[countAt] = (floats[countAt] ?? 0) + (arena[from + sum.count] ?? 0);
  }
  return newWords;
}
