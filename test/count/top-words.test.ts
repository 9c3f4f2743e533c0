import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createTable } from '../../src/count/layout.ts';
import { TableReader } from '../../src/count/table-reader.ts';
import { TableWriter } from '../../src/count/table-writer.ts';
import { countsOfTables, topWords } from '../../src/count/top-words.ts';
import { sumsOf } from './known-table.ts';
import { naiveCount } from './naive-count.ts';

const seed = Number(process.env['TEST_SEED'] ?? 20_241_126);

function readerOf(values: readonly string[]): TableReader {
  const table = createTable({ nextOffset: 0, limitBytes: 1 << 24, slotsLog2: 2 });
  const writer = new TableWriter(table);
  writer.claim(0);
  if (values.length > 0) writer.apply(sumsOf(values), { nextOffset: values.length });
  return new TableReader(table);
}

function byCodePoint(left: string, right: string): number {
  const [lefts, rights] = [Array.from(left), Array.from(right)];
  for (const [index, character] of lefts.entries()) {
    const difference = (character.codePointAt(0) ?? 0) - (rights[index]?.codePointAt(0) ?? -1);
    if (difference !== 0) return difference;
  }
  return lefts.length - rights.length;
}

/**
 * Letters on both sides of the surrogates, whose order UTF-16 gets wrong; words that begin alike.
 */
const letters = fc.constantFrom(
  'a',
  'b',
  'z',
  'é',
  'ж',
  '汉',
  '\uff41',
  '\ufb01',
  '\u{1d4d0}',
  '\u{10428}',
  'aaaa',
  '0',
);
const word = fc.array(letters, { minLength: 1, maxLength: 4 }).map((parts) => parts.join(''));
const values = fc.array(
  fc.array(word, { maxLength: 30 }).map((words) => words.join(' ')),
  { maxLength: 8 },
);

test('words of several tables are ranked by count, then by code point', () => {
  fc.assert(
    fc.property(fc.array(values, { maxLength: 5 }), fc.nat({ max: 40 }), (tables, top) => {
      const readers = tables.map(readerOf);
      const counts = naiveCount(
        tables.flat().map((value) => Buffer.from(value)),
        'unicode',
      );
      const ranked = [...counts]
        .map(([name, count]) => ({ word: name, count }))
        .sort((left, right) => right.count - left.count || byCodePoint(left.word, right.word));
      expect(countsOfTables(readers)).toEqual(counts);
      const all = topWords(readers, Infinity);
      expect([...(all?.entries ?? [])]).toEqual(ranked);
      expect(all?.distinct).toBe(counts.size);
      const few = topWords(readers, top);
      expect([...(few?.entries ?? [])]).toEqual(ranked.slice(0, top));
      expect(few?.distinct).toBe(counts.size);
    }),
    { seed, numRuns: 500 },
  );
});
