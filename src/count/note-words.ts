import { nextSum, type BatchSums } from './batch-sums.ts';
import type { DurableCells } from './durable-cells.ts';
import { findSum } from './find-slot.ts';
import { entry, entryInts, slot } from './layout.ts';
import type { BatchPlan, TableFull } from './plan-batch.ts';
import type { TableMemory } from './table-memory.ts';

/**
 * Notes all words of a planned batch as changed, before it is sealed.
 * @returns the reason when the cells have no room; the batch must not be sealed then
 */
export function noteWords(
  memory: TableMemory,
  cells: DurableCells,
  { arena, arenaEnd, distinct }: BatchSums,
  { slots, journalAt, entries }: BatchPlan,
): TableFull | undefined {
  const full = cells.beginNotes(distinct);
  if (full !== undefined) return full;
  const { ints } = memory;
  if (entries > 0) {
    const end = journalAt + entries * entryInts;
    for (let at = journalAt; at < end; at += entryInts) {
      cells.note(ints[at + entry.hash] ?? 0, ints[at + entry.keyRef] ?? 0);
    }
  } else {
    for (let from = 0; from < arenaEnd; from = nextSum(arena, from)) {
      const slotAt = findSum(memory, slots, arena, from);
      cells.note(ints[slotAt + slot.hash] ?? 0, ints[slotAt + slot.keyRef] ?? 0);
    }
  }
  cells.endNotes();
  return undefined;
}
