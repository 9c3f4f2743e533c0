import { block, blockAt, control } from './layout.ts';
import { memoryOf, type CountTable } from './table-memory.ts';
import type { LoggedBatch } from './table-log.ts';

const half = 2 ** 32;

/**
 * The last batch applied to a table without a writer: the difference between the active block and
 * the previous one. The result is correct only if no later batch was begun, because that overwrites
 * the previous block. It exists for a batch whose member died before it reported it.
 * @returns undefined when the table has had no logged batch
 */
export function lastBatch(table: CountTable): LoggedBatch | undefined {
  const memory = memoryOf(table);
  memory.refresh();
  const { floats } = memory;
  const activeBlock = memory.load(control.activeBlock);
  const active = blockAt(activeBlock);
  const before = blockAt(1 - activeBlock);
  const value = (index: number): number => floats[active + index] ?? 0;
  const grown = (index: number): number => value(index) - (floats[before + index] ?? 0);
  const ticket = value(block.batchTicket);
  if (ticket === 0) return undefined;
  const low = grown(block.digestLow);
  return {
    ticket,
    epoch: value(block.batchEpoch),
    firstOffset: value(block.batchFirstOffset),
    nextOffset: value(block.nextOffset),
    records: grown(block.records),
    words: grown(block.words),
    digestLow: (low + half) % half,
    digestHigh: (grown(block.digestHigh) - (low < 0 ? 1 : 0) + 2 * half) % half,
  };
}
