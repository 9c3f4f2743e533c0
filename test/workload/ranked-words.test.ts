import fc from 'fast-check';
import { expect, test } from 'vitest';
import { rankedWords } from '../../src/workload/ranked-words.ts';

test('words are ranked by count, then by the bytes of their UTF-8, and the top is the beginning of that', () => {
  const word = fc.string({ unit: fc.constantFrom('a', 'é', '\uffef', '\u{10400}', '\u{1d7d8}', '龍'), maxLength: 4 });
  const counts = fc.array(fc.tuple(word, fc.integer({ min: 1, max: 3 })), { maxLength: 30 });
  fc.assert(
    fc.property(counts, fc.nat({ max: 30 }), (entries, top) => {
      const map = new Map(entries);
      const expected = [...map].sort(([a, x], [b, y]) => y - x || Buffer.compare(Buffer.from(a), Buffer.from(b)));
      expect(rankedWords(map, Infinity)).toEqual(expected);
      expect(rankedWords(map, top)).toEqual(expected.slice(0, top));
    }),
    { numRuns: 500 },
  );
});
