import type { DurableCells } from './durable-cells.ts';
import { entry, entryInts } from './layout.ts';
import type { BatchPlan, TableFull } from './plan-batch.ts';
import type { TableMemory } from './table-memory.ts';

/**
 * Notes all words of a planned batch as changed, before it is sealed.
 * @returns the reason when the cells have no room; the batch must not be sealed then
 */
export function noteWords(
  memory: TableMemory,
  cells: DurableCells,
  { journalAt, entries }: BatchPlan,
): TableFull | undefined {
  const full = cells.beginNotes(entries);
  if (full !== undefined) return full;
  const { ints } = memory;
  const end = journalAt + entries * entryInts;
  for (let at = journalAt; at < end; at += entryInts) {
    cells.note(ints[at + entry.hash] ?? 0, ints[at + entry.keyRef] ?? 0);
  }
  cells.endNotes();
  return undefined;
}
