import assert from 'node:assert';
import { applyJournal } from './journal.ts';
import { control } from './layout.ts';
import { freeLease, readLease } from './lease.ts';
import { memoryOf, type CountTable } from './table-memory.ts';

/**
 * Frees a table whose owner's thread has been joined (its worker's `exit` event has fired). A
 * sealed batch is replayed to its end; any other batch in progress is dropped without effect. The
 * recovery may itself be interrupted at any point and repeated.
 * @param inside - called after the batch has ended, while no other thread can change the table
 * @returns 'dropped' also when there was no batch
 */
export function recover(
  table: CountTable,
  inside?: (epoch: number, outcome: 'replayed' | 'dropped') => void,
): 'replayed' | 'dropped' {
  const memory = memoryOf(table);
  const { epoch, owner } = readLease(memory);
  assert(owner !== undefined, 'only a dead owner leaves something to recover');
  memory.refresh();
  const sealed = memory.load(control.journalSealed) !== 0;
  if (sealed) applyJournal(memory);
  const outcome = sealed ? 'replayed' : 'dropped';
  inside?.(epoch, outcome);
  freeLease(memory);
  return outcome;
}
