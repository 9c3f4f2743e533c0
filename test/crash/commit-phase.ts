import { control } from '../../src/count/layout.ts';
import { readLease } from '../../src/count/lease.ts';
import type { TableMemory } from '../../src/count/table-memory.ts';

/** Phases of a commit in which a thread may end, in their order. */
export const commitPhases = [
  'lease not claimed',
  'between batches',
  /** Also the end of a batch, which releases the lease last. */
  'journal not sealed',
  'sealed',
  'slots being written',
  'block in force',
  'version even again',
] as const;

export type CommitPhase = (typeof commitPhases)[number];

/**
 * From the seal on until the journal is freed, a batch is neither there nor gone: recovery decides.
 */
export const insideCommit: readonly CommitPhase[] = [
  'sealed',
  'slots being written',
  'block in force',
  'version even again',
];

/** Reads it off the table that the member left behind. */
export function commitPhase(memory: TableMemory): CommitPhase {
  const { owner, applying } = readLease(memory);
  if (owner === undefined) return 'lease not claimed';
  if (!applying) return 'between batches';
  const sealed = memory.load(control.journalSealed);
  if (sealed === 0) return 'journal not sealed';
  const odd = memory.load(control.version) % 2 !== 0;
  if (memory.load(control.activeBlock) === sealed - 1) return odd ? 'block in force' : 'version even again';
  return odd ? 'slots being written' : 'sealed';
}
