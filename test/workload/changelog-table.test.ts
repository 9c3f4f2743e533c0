import fc from 'fast-check';
import { expect, test } from 'vitest';
import { topWords } from '../../src/count/top-words.ts';
import { WordMap } from '../../src/kafka/kafkajs/word-map.ts';
import { ChangelogTable, createChangelogSums } from '../../src/workload/changelog-table.ts';

const seed = Number(process.env['TEST_SEED'] ?? Date.now() % 2 ** 32);

test(`a table of a changelog has the counts of a Map (TEST_SEED=${seed})`, () => {
  const word = fc.string({ unit: fc.constantFrom('a', 'é', '龍'), minLength: 1, maxLength: 4 });
  const counts = fc.array(fc.tuple(word, fc.integer({ min: 1, max: 2 ** 47 })), { maxLength: 50 });
  const sums = createChangelogSums();
  fc.assert(
    fc.property(counts, (entries) => {
      const table = new ChangelogTable(sums);
      const map = new WordMap();
      for (const [name, count] of entries) {
        for (const sink of [table, map]) expect(sink.set(Buffer.from(name), count)).toBe(true);
      }
      expect(table.end()).toBe(map.end());
      const found = topWords([table.reader], Infinity)?.entries ?? [];
      expect(new Map([...found].map(({ word: name, count }) => [name, count]))).toEqual(map.counts);
    }),
    { seed, numRuns: 200 },
  );
});

test('more words than one step takes, and a word that is larger than the first buffer', () => {
  const table = new ChangelogTable(createChangelogSums());
  const long = 'a'.repeat(1 << 20);
  for (let word = 0; word < 10_000; word += 1) expect(table.set(Buffer.from(`w${word}`), 2)).toBe(true);
  expect(table.set(Buffer.from(long), 30_000)).toBe(true);
  expect(table.set(Buffer.from('w1'), 3)).toBe(true);
  expect(table.end()).toBe(50_001);
  const ranked = topWords([table.reader], 2);
  expect(ranked?.distinct).toBe(10_001);
  expect([...(ranked?.entries ?? [])].map(({ word, count }) => [word.length, count])).toEqual([
    [long.length, 30_000],
    [2, 3],
  ]);
});

test('a removed word is refused, because no member removes one', () => {
  const table = new ChangelogTable(createChangelogSums());
  expect(table.set(Buffer.from('word'), 0)).toBe(false);
});
