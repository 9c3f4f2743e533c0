import { expect, test } from 'vitest';
import { FreeMemory } from '../../src/count/free-memory.ts';
import { GradualGrowth, usualPace } from '../../src/count/gradual-growth.ts';
import { journalBatch } from '../../src/count/journal-batch.ts';
import { block, blockAt, control, createTable, loadMax } from '../../src/count/layout.ts';
import { slotsOf } from '../../src/count/plan-batch.ts';
import { SumOrder } from '../../src/count/sum-order.ts';
import { memoryOf, type Numbers } from '../../src/count/table-memory.ts';
import { TableWriter } from '../../src/count/table-writer.ts';
import { sumsOf } from './known-table.ts';

/** Counts the keys that a batch has placed. */
class CountedMemory extends FreeMemory {
  placed = 0;

  override placeKey(ints: Numbers, keys: Int32Array, from: number): number {
    this.placed += 1;
    return super.placeKey(ints, keys, from);
  }
}

const numbered = (count: number, text: string): string[] =>
  Array.from({ length: count }, (_, index) => `${text}${index}`);

const slotsLog2 = 16;
const known = 2 ** 15;

/** Journals a batch into a table of 2^16 slots that knows 2^15 words. Changes nothing that a reader sees. */
function journaled(words: readonly string[]): { newWords: number | undefined; placed: number } {
  const table = createTable({ nextOffset: 0, limitBytes: 2 ** 28, slotsLog2 });
  const writer = new TableWriter(table, undefined, undefined, { ...usualPace, fromLoad: loadMax });
  writer.claim(0);
  writer.apply(sumsOf([numbered(known, 'known').join(' ')]), { nextOffset: 1 });
  const memory = memoryOf(table);
  const active = blockAt(memory.load(control.activeBlock));
  const slots = slotsOf(memory, active);
  expect(slots.log2).toBe(slotsLog2);
  const sums = sumsOf([words.join(' ')]);
  const free = new CountedMemory(memory.floats, active, sums.keysInts, 2 ** 26);
  const newWordsMax = 2 ** slotsLog2 * loadMax - (memory.floats[active + block.distinctWords] ?? 0);
  memory.growTo((free.tailAt + 2 ** 22) * 4);
  const scratch = { reserved: new Uint8Array(0), order: new SumOrder(), growth: new GradualGrowth(usualPace) };
  const newWords = journalBatch(memory, slots, sums, free, { journalAt: free.tailAt, newWordsMax }, scratch);
  expect(scratch.reserved.every((byte) => byte === 0)).toBe(true);
  return { newWords, placed: free.placed };
}

test('new words that the slots have room for are journaled', () => {
  expect(journaled([...numbered(15_000, 'new'), ...numbered(known, 'known')])).toEqual({
    newWords: 15_000,
    placed: 15_000,
  });
});

// In the order of the slots, the words before the last one that fits would fill the first slots.
test.each([20_000, 200_000])('a batch of %i new words, of which 16,384 fit, is given up at its beginning', (count) => {
  const { newWords, placed } = journaled(numbered(count, 'new'));
  expect(newWords).toBeUndefined();
  expect(placed).toBeLessThan(4_000);
});
