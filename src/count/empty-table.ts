import { applyJournal, sealJournal } from './journal.ts';
import { block, blockAt, blockFloats, control, headerInts, slotInts, type Slots } from './layout.ts';
import { reach, type TableFull } from './plan-batch.ts';
import type { TableMemory } from './table-memory.ts';

/** The least number of slots, which take one cache line. */
const fewSlotsLog2 = 2;
const usualSlotsLog2 = 10;

interface EmptyTable {
  readonly nextOffset: number;
  readonly epoch: number;
}

/**
 * Empties a table in two journalled steps. The first one is all that a reader sees: it replaces the
 * slots by a few empty ones beyond all memory in use. The second one moves these to the beginning,
 * so that all memory after them is free, as in a new table. The caller holds the lease in
 * `applying`.
 */
export function emptyTable(memory: TableMemory, table: EmptyTable): TableFull | undefined {
  const active = blockAt(memory.load(control.activeBlock));
  const few = { at: memory.floats[active + block.memoryEnd] ?? 0, log2: fewSlotsLog2 };
  const full = reach(memory, endOf(few));
  if (full !== undefined) return full;
  useSlots(memory, table, few);
  const log2 = Math.min(usualSlotsLog2, Math.floor(Math.log2((few.at - headerInts) / slotInts)));
  useSlots(memory, table, { at: headerInts, log2 });
  return undefined;
}

function endOf({ at, log2 }: Slots): number {
  return at + 2 ** log2 * slotInts;
}

/** Makes `slots`, in memory that no thread uses, the only contents of the table. */
function useSlots(memory: TableMemory, { nextOffset, epoch }: EmptyTable, slots: Slots): void {
  const { ints, floats } = memory;
  const end = endOf(slots);
  for (let at = slots.at; at < end; at += 1) ints[at] = 0;
  const activeBlock = memory.load(control.activeBlock);
  const nextBlock = 1 - activeBlock;
  const next = blockAt(nextBlock);
  for (let index = 0; index < blockFloats; index += 1) floats[next + index] = 0;
  floats[next + block.nextOffset] = nextOffset;
  floats[next + block.batchEpoch] = epoch;
  floats[next + block.incarnation] = (floats[blockAt(activeBlock) + block.incarnation] ?? 0) + 1;
  floats[next + block.slotsAt] = slots.at;
  floats[next + block.slotsLog2] = slots.log2;
  floats[next + block.memoryEnd] = end;
  floats[next + block.extents] = headerInts;
  floats[next + block.extents + 1] = slots.at;
  sealJournal(memory, nextBlock, end, 0);
  applyJournal(memory);
}
