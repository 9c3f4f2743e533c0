import assert from 'node:assert';
import type { BatchSums } from './batch-sums.ts';
import { block, blockAt, entry, entryInts } from './layout.ts';
import { planBatch, type BatchPlan, type TableFull, type WriterMemory } from './plan-batch.ts';
import type { TableMemory } from './table-memory.ts';

/** Everything that a table contains beside its words, as its changelog reports it. */
export interface TableTotals {
  readonly nextOffset: number;
  readonly records: number;
  readonly nullRecords: number;
  readonly bytes: number;
  readonly words: number;
  /** Halves of the digest, each 0 to 2^32 - 1. */
  readonly digestLow: number;
  readonly digestHigh: number;
}

/**
 * Like planBatch, but the words get the counts of `sums`, and the table the given totals. Restored
 * words are a batch first, whose counts are replaced before any thread can read them.
 */
export function planRestore(
  memory: TableMemory,
  sums: BatchSums,
  { nextOffset, epoch, totals }: { nextOffset: number; epoch: number; totals: TableTotals | undefined },
  own: WriterMemory,
): BatchPlan | TableFull {
  assert(sums.records === 0, 'the sums are those of setRows');
  const plan = planBatch(memory, sums, { firstOffset: nextOffset, nextOffset, epoch, ticket: 0 }, own);
  if (plan.type === 'full') return plan;
  const { floats } = memory;
  const { counts } = sums;
  const { numbers } = own.order;
  let countAt = (plan.journalAt + entry.count) >> 1;
  for (let index = 0; index < plan.entries; index += 1) {
    floats[countAt] = counts[numbers[index] ?? 0] ?? 0;
    countAt += entryInts >> 1;
  }
  if (totals !== undefined) {
    const next = blockAt(plan.nextBlock);
    for (const name of totalNames) floats[next + block[name]] = totals[name];
  }
  return plan;
}

const totalNames = ['nextOffset', 'records', 'nullRecords', 'bytes', 'words', 'digestLow', 'digestHigh'] as const;
