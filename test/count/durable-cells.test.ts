import { describe, expect, test } from 'vitest';
import { ChangedWords, WordRows } from '../../src/count/changed-words.ts';
import { DurableCells } from '../../src/count/durable-cells.ts';
import { createDurableCells } from '../../src/count/durable-layout.ts';
import { createTable } from '../../src/count/layout.ts';
import { TableReader } from '../../src/count/table-reader.ts';
import { TableWriter } from '../../src/count/table-writer.ts';
import { countRecord, sumsOfRecords } from './changelog-rows.ts';
import { applyBatch, commit, createDurable, ownerThread, writtenWords } from './durable-thread.ts';
import { contentOf, emptyContent, sumsOf } from './known-table.ts';

test('a word is noted once between two commits, and again after a commit has begun', () => {
  const thread = ownerThread(createDurable(0));
  const { cells } = thread;
  let content = applyBatch(thread, emptyContent(0), ['a b c d e f', 'a']);
  content = applyBatch(thread, content, ['a f']);
  expect([cells.changed, cells.inFlight]).toEqual([6, 0]);
  cells.begin();
  expect([cells.changed, cells.inFlight]).toEqual([6, 6]);
  applyBatch(thread, content, ['a a']);
  expect([cells.changed, cells.inFlight]).toEqual([7, 6]);
  cells.completed();
  expect([cells.changed, cells.inFlight]).toEqual([1, 0]);
  expect(commit(thread)).toEqual(new Map([['a', 5]]));
  expect(cells.changed).toBe(0);
});

test('the words of failed commits join the next one, each once', () => {
  const thread = ownerThread(createDurable(0));
  let content = applyBatch(thread, emptyContent(0), ['a b c']);
  for (let failed = 0; failed < 10; failed += 1) {
    thread.cells.begin();
    content = applyBatch(thread, content, ['b c d']);
    expect([thread.cells.changed, thread.cells.inFlight]).toEqual(failed === 0 ? [6, 3] : [7, 4]);
  }
  expect(commit(thread)).toEqual(content.counts);
});

test('a commit writes the counts of its begin, however much is counted before they are written', () => {
  const thread = ownerThread(createDurable(0));
  const content = applyBatch(thread, emptyContent(0), ['a a b']);
  thread.cells.begin();
  expect(thread.changed.capture()).toBe(2);
  applyBatch(thread, content, ['a b c', 'whether tis nobler in the mind']);
  expect(writtenWords(thread.changed)).toEqual(content.counts);
});

test('a word that is longer than a chunk is written in a larger one', () => {
  const table = createTable({ nextOffset: 0, limitBytes: 1 << 20 });
  const cells = new DurableCells(createDurableCells());
  const writer = new TableWriter(table, undefined, cells);
  writer.claim(0);
  const long = 'm'.repeat(70_001);
  writer.apply(sumsOf([`a ${long} b`]), { nextOffset: 1 });
  cells.begin();
  const changed = new ChangedWords(3, table, cells);
  expect(changed.capture()).toBe(3);
  const target = new WordRows({ rows: 2, ints: 8 });
  expect([changed.write(target), changed.write(target)]).toEqual([1, 1]);
  const [, keyStart = 0, keyLength = 0] = target.rows;
  expect(Buffer.from(target.bytes).toString('utf8', keyStart, keyStart + keyLength)).toBe(long);
  expect([changed.write(target), changed.write(target)]).toEqual([1, 0]);
});

test('ten thousand words of two sets are kept apart, and written in chunks', () => {
  const table = createTable({ nextOffset: 0, limitBytes: 1 << 22 });
  const cells = new DurableCells(createDurableCells());
  const writer = new TableWriter(table, undefined, cells);
  writer.claim(0);
  const words = Array.from({ length: 10_000 }, (_, index) => `w${index}`);
  writer.apply(sumsOf([words.join(' ')]), { nextOffset: 1 });
  cells.begin();
  writer.apply(sumsOf([words.slice(1000).join(' ')]), { nextOffset: 2 });
  expect([cells.changed, cells.inFlight]).toEqual([19_000, 10_000]);
  const changed = new ChangedWords(3, table, cells);
  changed.capture();
  const ones = writtenWords(changed);
  cells.completed();
  cells.begin();
  changed.capture();
  expect(ones).toEqual(new Map(words.map((word, index) => [word, index < 1000 ? 1 : 2])));
  expect(writtenWords(changed)).toEqual(new Map(words.slice(1000).map((word) => [word, 2])));
});

describe('cells that reach their limit', () => {
  test('refuse a batch whose words have no room, and nothing of it is counted', () => {
    const table = createTable({ nextOffset: 0, limitBytes: 1 << 22 });
    const cells = new DurableCells(createDurableCells({ limitBytes: 1 << 17 }));
    const writer = new TableWriter(table, undefined, cells);
    writer.claim(0);
    const words = (from: number): string => Array.from({ length: 4000 }, (_, index) => `w${from + index}`).join(' ');
    expect(writer.apply(sumsOf([words(0)]), { nextOffset: 1 })).toEqual({ type: 'applied' });
    const before = contentOf(table);
    const result = writer.apply(sumsOf([words(4000)]), { nextOffset: 2 });
    expect(result).toMatchObject({ type: 'full', limitBytes: 1 << 17 });
    expect(contentOf(table)).toEqual(before);
    cells.begin();
    cells.completed();
    expect(writer.apply(sumsOf([words(4000)]), { nextOffset: 2 })).toEqual({ type: 'applied' });
  });
});

test('a restore sets the totals that it is given, and otherwise keeps them', () => {
  const table = createTable({ nextOffset: 4, limitBytes: 1 << 20 });
  const writer = new TableWriter(table);
  writer.claim(0);
  const totals = {
    nextOffset: 90,
    records: 50,
    nullRecords: 3,
    bytes: 700,
    words: 80,
    digestLow: 2 ** 32 - 1,
    digestHigh: 7,
  };
  writer.restore(sumsOfRecords([countRecord('a', 9)]).sums, totals);
  writer.restore(sumsOfRecords([countRecord('a', 8), countRecord('b', 2 ** 50)]).sums);
  expect(new TableReader(table).progress()).toEqual({ ...totals, distinctWords: 2, refused: 0 });
  expect(contentOf(table)?.counts).toEqual(
    new Map([
      ['a', 8],
      ['b', 2 ** 50],
    ]),
  );
});

test('a table that is emptied again and again does not grow', () => {
  const table = createTable({ nextOffset: 0, limitBytes: 1 << 22 });
  const writer = new TableWriter(table);
  writer.claim(0);
  const value = Array.from({ length: 5000 }, (_, index) => `w${index}`).join(' ');
  const sizes = new Set<number>();
  for (let round = 0; round < 5; round += 1) {
    writer.apply(sumsOf([value]), { nextOffset: round * 10 + 1 });
    writer.apply(sumsOf([value]), { nextOffset: round * 10 + 2 });
    expect(contentOf(table)?.counts.size).toBe(5000);
    sizes.add(table.byteLength);
    expect(writer.reset(round * 10 + 10)).toEqual({ type: 'applied' });
    expect(contentOf(table)).toEqual(emptyContent(round * 10 + 10));
  }
  expect(sizes.size).toBe(1);
});

test('a thread that has lost its lease neither restores nor empties the table', () => {
  const durable = createDurable(0);
  const thread = ownerThread(durable);
  const content = applyBatch(thread, emptyContent(0), ['a b']);
  thread.writer.release();
  expect(thread.writer.reset(9)).toEqual({ type: 'fenced' });
  expect(thread.writer.restore(sumsOfRecords([countRecord('a', 9)]).sums)).toEqual({ type: 'fenced' });
  expect([thread.cells.changed, contentOf(durable.table)]).toEqual([2, content]);
});
