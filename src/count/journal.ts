import { control, entry, entryInts, slot } from './layout.ts';
import type { TableMemory } from './table-memory.ts';

/**
 * The redo journal of one batch: complete images of the slots that it changes, and the inactive
 * block with everything else.
 *
 *   writing  entries beyond memoryEnd, keys and new slots in free memory, the inactive block; no
 *            thread reads them
 *   sealed   the batch will certainly be applied, by its owner or by recovery
 *   applied  slots written, the prepared block active
 *   freed
 *
 * All values are absolute, so a journal may be applied any number of times, from its start,
 * whatever part of it has been applied before.
 */

/** Seals the journal. `nextBlock` (0 or 1) is the block that becomes active. */
export function sealJournal(memory: TableMemory, nextBlock: number, journalAt: number, entries: number): void {
  memory.store(control.journalAt, journalAt);
  memory.store(control.journalEntries, entries);
  memory.store(control.journalSealed, nextBlock + 1);
}

/**
 * Applies the sealed journal and frees it. Readers of slots wait meanwhile. `version` must become
 * odd by a read-modify-write, like the readers' last read of it: a reader that still finds it even
 * has then read every slot before the first one is written, on any processor (docs/tables.md). With
 * a plain store, arm64 could reorder the slot writes before it.
 */
export function applyJournal(memory: TableMemory): void {
  const journalAt = memory.load(control.journalAt);
  const end = journalAt + memory.load(control.journalEntries) * entryInts;
  const nextBlock = memory.load(control.journalSealed) - 1;
  if (memory.load(control.version) % 2 === 0) memory.add(control.version, 1);
  writeSlots(memory, journalAt, end);
  memory.store(control.activeBlock, nextBlock);
  memory.add(control.version, 1);
  memory.store(control.journalSealed, 0);
}

function writeSlots({ ints, floats }: TableMemory, journalAt: number, end: number): void {
  for (let at = journalAt; at < end; at += entryInts) {
    const slotAt = ints[at + entry.slotAt] ?? 0;
    ints[slotAt + slot.hash] = ints[at + entry.hash] ?? 0;
    ints[slotAt + slot.keyRef] = ints[at + entry.keyRef] ?? 0;
    floats[(slotAt + slot.count) >> 1] = floats[(at + entry.count) >> 1] ?? 0;
  }
}
