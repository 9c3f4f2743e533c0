import fc from 'fast-check';
import { expect, test } from 'vitest';
import { compareCounts } from '../../src/workload/compare-counts.ts';

const counts = fc.dictionary(
  fc.string({ maxLength: 2, unit: fc.constantFrom('a', 'b', 'ä') }),
  fc.integer({ min: 1, max: 3 }),
);
const toMap = (words: Record<string, number>): Map<string, number> => new Map(Object.entries(words));

test('equal counts are equal in any order', () => {
  fc.assert(
    fc.property(counts, (words) => {
      const comparison = compareCounts([...toMap(words)].reverse(), toMap(words));
      expect(comparison).toEqual({ equal: true, missing: [], extra: [], different: [], differing: 0 });
    }),
  );
});

test('finds every word that differs, and no other', () => {
  fc.assert(
    fc.property(counts, counts, (product, reference) => {
      const comparison = compareCounts(toMap(product), toMap(reference));
      const words = [...new Set([...Object.keys(product), ...Object.keys(reference)])];
      const pick = (wanted: (word: string) => boolean): string[] => words.filter(wanted).sort();
      const names = (list: readonly { readonly word: string }[]): string[] => list.map(({ word }) => word).sort();
      const has = (side: Record<string, number>, word: string): boolean => Object.hasOwn(side, word);
      expect(names(comparison.missing)).toEqual(pick((word) => !has(product, word)));
      expect(names(comparison.extra)).toEqual(pick((word) => !has(reference, word)));
      expect(names(comparison.different)).toEqual(
        pick((word) => has(product, word) && has(reference, word) && product[word] !== reference[word]),
      );
      expect(comparison.equal).toBe(comparison.differing === 0);
      expect(comparison.differing).toBe(
        comparison.missing.length + comparison.extra.length + comparison.different.length,
      );
    }),
  );
});

test('totals that agree do not hide that words differ', () => {
  const { different, equal } = compareCounts(
    [
      ['a', 2],
      ['b', 1],
    ],
    new Map([
      ['a', 1],
      ['b', 2],
    ]),
  );
  expect(equal).toBe(false);
  expect(different).toEqual([
    { word: 'a', count: 2, reference: 1 },
    { word: 'b', count: 1, reference: 2 },
  ]);
});

test('a repeated word differs, and does not replace a missing one', () => {
  const comparison = compareCounts(
    [
      ['a', 1],
      ['a', 1],
    ],
    new Map([
      ['a', 1],
      ['b', 1],
    ]),
  );
  expect(comparison.extra.map(({ word }) => word)).toEqual(['a']);
  expect(comparison.missing.map(({ word }) => word)).toEqual(['b']);
});

test('lists are bounded, the number of differing words is not', () => {
  const reference = new Map(Array.from({ length: 100 }, (_, index) => [`w${index}`, 1]));
  const comparison = compareCounts([], reference, 7);
  expect(comparison.missing).toHaveLength(7);
  expect(comparison.differing).toBe(100);
});
