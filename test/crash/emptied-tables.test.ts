import { expect, test } from 'vitest';
import { TableReader } from '../../src/count/table-reader.ts';
import { topWords } from '../../src/count/top-words.ts';
import { TableEmptied } from '../../src/count/table-snapshot.ts';
import { applyBatch, createDurable, listedCounts, ownerThread, type DurableTable } from '../count/durable-thread.ts';
import { emptyContent, withBatch } from '../count/known-table.ts';
import { SteppedMemory } from '../count/stepped-memory.ts';

test('words of a table that is emptied and filled again are listed as they were, or not at all', () => {
  const batch = ['whether tis nobler in the mind to suffer the slings and arrows'];
  const other = withBatch(emptyContent(40), batch);
  const refill = (durable: DurableTable): void => {
    const thread = ownerThread(durable);
    expect(thread.writer.reset(40)).toEqual({ type: 'applied' });
    applyBatch(thread, emptyContent(40), batch);
  };
  const outcomes = { listed: 0, refused: 0 };
  for (let point = 0; ; point += 1) {
    const durable = createDurable(0);
    const first = ownerThread(durable);
    const before = applyBatch(first, emptyContent(0), ['to be or', 'not to be']);
    first.writer.release();
    let left = point;
    const memory = new SteppedMemory(durable.table, () => {
      if ((left -= 1) === -1) refill(durable);
    });
    const counts = listedCounts(memory);
    if (counts !== undefined) expect([before.counts, other.counts]).toContainEqual(counts);
    outcomes[counts === undefined ? 'refused' : 'listed'] += 1;
    if (left >= 0) break;
  }
  expect(Math.min(outcomes.listed, outcomes.refused)).toBeGreaterThan(0);
});

test('words that were ranked before a table was emptied are not listed after it', () => {
  const durable = createDurable(0);
  const thread = ownerThread(durable);
  const content = applyBatch(thread, emptyContent(0), ['to be or', 'not to be']);
  const words = topWords([new TableReader(durable.table)], Infinity) ?? expect.fail('not readable');
  applyBatch(thread, content, ['to be']);
  expect([...words.entries].length).toBe(4);
  thread.writer.reset(0);
  expect(() => [...words.entries]).toThrow(TableEmptied);
});
