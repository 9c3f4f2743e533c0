import { expect, test } from 'vitest';
import { createTable } from '../../src/count/layout.ts';
import { MergedWords } from '../../src/count/merged-words.ts';
import { sortWords } from '../../src/count/sort-words.ts';
import { TableReader } from '../../src/count/table-reader.ts';
import { TableWriter } from '../../src/count/table-writer.ts';
import type { Numbers } from '../../src/count/table-memory.ts';
import type { TableSnapshot } from '../../src/count/table-snapshot.ts';
import { sumsOf } from './known-table.ts';
import { seededRandom } from './seeded-random.ts';

const seed = Number(process.env['TEST_SEED'] ?? Date.now() % 2 ** 32);

function snapshotOf(words: readonly string[]): TableSnapshot {
  const table = createTable({ nextOffset: 0, limitBytes: 1 << 26, slotsLog2: 2 });
  const writer = new TableWriter(table);
  writer.claim(0);
  writer.apply(sumsOf([words.join(' ')]), { nextOffset: 1 });
  return new TableReader(table).snapshot() ?? expect.fail('not readable');
}

function sorted(words: MergedWords, top: number): string[] {
  return [...sortWords(words, top)].map((index) => words.wordCount(index).word);
}

/** Counts how often a key is looked up. */
function countLookups(words: MergedWords): () => number {
  let lookups = 0;
  const keyRefs: Numbers = new Proxy(words.keyRefs, {
    get: (target, name) => {
      lookups += 1;
      return Reflect.get(target, name) as unknown;
    },
  });
  Object.defineProperty(words, 'keyRefs', { value: keyRefs });
  return () => lookups;
}

test(`the first words of any number are the beginning of all words (TEST_SEED=${seed})`, () => {
  const random = seededRandom(seed);
  for (let round = 0; round < 30; round += 1) {
    const distinct = 1 + Math.floor(random() * 3_000);
    // Short keys of few letters: many have a prefix, a length or a count in common.
    const text = Array.from({ length: distinct }, () =>
      Array.from({ length: 1 + Math.floor(random() * 9) }, () => 'abé汉'[Math.floor(random() * 4)]).join(''),
    );
    const counts = new Map<string, number>();
    for (const word of text) counts.set(word, (counts.get(word) ?? 0) + 1);
    const expected = [...counts]
      .sort(([a, x], [b, y]) => y - x || Buffer.compare(Buffer.from(a), Buffer.from(b)))
      .map(([word]) => word);
    const half = Math.floor(text.length / 2);
    const words = new MergedWords([snapshotOf(text.slice(0, half)), snapshotOf(text.slice(half))]);
    for (const top of [0, 1, Math.floor(random() * counts.size), Infinity]) {
      expect(sorted(words, top)).toEqual(expected.slice(0, top));
    }
  }
});

test('the first of many words with equal counts is found without sorting them', () => {
  const text = Array.from({ length: 20_000 }, (_, index) => `w${(index * 7_919) % 1_000_003}`);
  const words = new MergedWords([snapshotOf(text)]);
  const lookups = countLookups(words);
  const [first] = sortWords(words, 1);
  // Once for the first bytes of every key, again for few.
  expect(lookups()).toBeLessThan(1.5 * text.length);
  const least = text.reduce((found, word) => (word < found ? word : found));
  expect(words.wordCount(first ?? -1).word).toBe(least);
});

test('long words that differ at their end are sorted', () => {
  const long = 'a'.repeat(100_000);
  const text = Array.from({ length: 20 }, (_, index) => `${long}${(index * 7) % 20}`);
  const words = new MergedWords([snapshotOf([...text, long])]);
  expect(sorted(words, Infinity)).toEqual([long, ...text.toSorted()]);
});
