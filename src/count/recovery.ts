import assert from 'node:assert';
import { applyJournal } from './journal.ts';
import { control } from './layout.ts';
import { freeLease, leaseOwner } from './lease.ts';
import { memoryOf, type Table } from './table-memory.ts';

/**
 * Takes a table from an owner whose thread has been joined (its worker's `exit` event has fired), and ends the batch that it was
 * applying: replayed to its end if it was sealed, else dropped as if it had never begun. The lease is free afterwards.
 * May itself be cut off at any point and done again.
 * @returns 'dropped' also when there was no batch
 */
export function recover(table: Table): 'replayed' | 'dropped' {
  const memory = memoryOf(table);
  assert(leaseOwner(memory) !== undefined, 'only a dead owner leaves something to recover');
  memory.refresh();
  const sealed = memory.load(control.journalSealed) !== 0;
  if (sealed) applyJournal(memory);
  freeLease(memory);
  return sealed ? 'replayed' : 'dropped';
}
