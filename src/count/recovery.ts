import assert from 'node:assert';
import { applyJournal } from './journal.ts';
import { control } from './layout.ts';
import { freeLease, readLease } from './lease.ts';
import { memoryOf, type Table } from './table-memory.ts';

/**
 * Takes a table from an owner whose thread has been joined (its worker's `exit` event has fired), and ends the batch that it was
 * applying: replayed to its end if it was sealed, else dropped as if it had never begun. The lease is free afterwards.
 * May itself be cut off at any point and done again.
 * @param inside - called when the batch has been ended, while nobody else can change the table
 * @returns 'dropped' also when there was no batch
 */
export function recover(
  table: Table,
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
