import fc from 'fast-check';
import { expect, test } from 'vitest';
import { BatchSums } from '../../src/count/batch-sums.ts';
import { createTable } from '../../src/count/layout.ts';
import { TableReader } from '../../src/count/table-reader.ts';
import { TableWriter } from '../../src/count/table-writer.ts';
import { countRecord, keyedFields, sumsOfRecords, type ChangelogRecord } from './changelog-rows.ts';
import { contentOf, sumsOf } from './known-table.ts';
import { sumsWords } from './sums-words.ts';

const seed = Number(process.env['TEST_SEED'] ?? 20_241_128);
const countMax = 2 ** 53 - 1;

const word = fc.oneof(
  fc.string({ unit: 'grapheme', minLength: 1, maxLength: 40 }).filter((text) => !text.startsWith('\0')),
  fc.nat({ max: 30 }).map((number) => `w${number}`),
  fc.integer({ min: 14, max: 34 }).map((length) => 'm'.repeat(length)),
);
const count = fc.oneof(fc.integer({ min: 1, max: 9 }), fc.integer({ min: 1, max: countMax }), fc.constant(countMax));
const skipped = fc.oneof(
  fc.constant<ChangelogRecord>({ key: undefined, value: undefined }),
  fc.string({ maxLength: 20 }).map((name): ChangelogRecord => ({ ...countRecord(`\0${name}`, 1) })),
  fc.constant<ChangelogRecord>({ key: Buffer.from('\0name'), value: undefined }),
);
const malformed = fc.oneof(
  word.map((text): ChangelogRecord => ({ key: Buffer.from(text), value: undefined })),
  word.map((text): ChangelogRecord => ({ key: Buffer.from(text), value: Buffer.alloc(7, 1) })),
  word.map((text): ChangelogRecord => ({ key: Buffer.from(text), value: Buffer.alloc(0) })),
  fc
    .tuple(word, fc.constantFrom(0n, -1n, 2n ** 53n, -(2n ** 63n), 2n ** 63n - 1n))
    .map((parts) => countRecord(...parts)),
  fc.constant(countRecord('', 1)),
);
const row = fc.oneof(
  { weight: 20, arbitrary: fc.record({ kind: fc.constant('word' as const), word, count }) },
  { weight: 2, arbitrary: skipped.map((record) => ({ kind: 'skipped' as const, record })) },
  { weight: 1, arbitrary: malformed.map((record) => ({ kind: 'malformed' as const, record })) },
);

test('the last row of a word decides over its count, in a table and in the sums', () => {
  const reused = new BatchSums({ tokenizer: 'unicode', fields: keyedFields });
  fc.assert(
    fc.property(fc.array(row, { maxLength: 80 }), fc.boolean(), (rows, again) => {
      const expected = new Map<string, number>();
      for (const each of rows) if (each.kind === 'word') expected.set(each.word, each.count);
      const records = rows.map((each) => (each.kind === 'word' ? countRecord(each.word, each.count) : each.record));
      const { sums, malformed } = sumsOfRecords(records, again ? reused : undefined);
      expect(malformed).toBe(rows.filter(({ kind }) => kind === 'malformed').length);
      expect([...sumsWords(sums).keys()]).toEqual([...expected.keys()]);
      expect([...sums.counts]).toEqual([...expected.values()]);
      expect([sums.records, sums.words, sums.bytes]).toEqual([0, 0, 0]);

      const table = createTable({ nextOffset: 5, limitBytes: 1 << 20, slotsLog2: 2 });
      const writer = new TableWriter(table);
      writer.claim(0);
      expect(writer.restore(sums)).toEqual({ type: 'applied' });
      expect(contentOf(table)).toEqual({ nextOffset: 5, records: 0, words: 0, counts: expected });
      expect(new TableReader(table).progress().distinctWords).toBe(expected.size);
    }),
    { seed, numRuns: 500 },
  );
});

test('a restored word is the word that records have, short or long', () => {
  const words = [
    'a',
    'x'.repeat(15),
    'x'.repeat(16),
    'x'.repeat(17),
    'x'.repeat(32),
    'x'.repeat(70_000),
    'ſtraße',
    'ёж',
  ];
  const table = createTable({ nextOffset: 0, limitBytes: 1 << 20 });
  const writer = new TableWriter(table);
  writer.claim(0);
  writer.restore(sumsOfRecords(words.map((text, index) => countRecord(text, 2 ** 40 + index))).sums);
  expect(writer.apply(sumsOf([words.join(' ')]), { nextOffset: 1 })).toEqual({ type: 'applied' });
  expect(contentOf(table)?.counts).toEqual(new Map(words.map((text, index) => [text, 2 ** 40 + index + 1])));
});

test('rows of several partitions are kept apart', () => {
  const sums = new BatchSums({ tokenizer: 'unicode', fields: keyedFields });
  for (const partition of [0, 1, 0, 2]) {
    sums.select(partition);
    sumsOfRecords([countRecord('own', partition + 1), countRecord(`w${partition}`, 9)], sums);
  }
  for (const partition of [0, 1, 2]) {
    sums.select(partition);
    expect([...sumsWords(sums).keys()]).toEqual(['own', `w${partition}`]);
    expect([...sums.counts]).toEqual([partition + 1, 9]);
  }
});

test('ten thousand words of one batch keep their counts while the memory of the sums grows', () => {
  const records = Array.from({ length: 30_000 }, (_, index) => countRecord(`w${index % 10_000}`, index + 1));
  const { sums } = sumsOfRecords(records);
  expect(sums.distinct).toBe(10_000);
  expect([...sums.counts]).toEqual(Array.from({ length: 10_000 }, (_, index) => index + 20_001));
});
