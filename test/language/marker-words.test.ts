import { expect, test } from 'vitest';
import { findMarkerWords, markerWordsIn, places, type Place } from './marker-words.ts';

/**
 * Marker words that are left in each place. Lower a number when words are gone; never raise one.
 */
const ceilings: Readonly<Record<Place, number>> = {
  src: 1,
  setup: 0,
  bench: 0,
  test: 0,
  docs: 3,
  'README.md': 0,
  'CHANGELOG.md': 0,
};

const findings = findMarkerWords();

test.each(places)('%s has no new marker words (node test/language/main.ts --list)', (place) => {
  const found = findings.filter((finding) => finding.place === place);
  expect(found.length).toBeLessThanOrEqual(ceilings[place]);
});

test('finds marker words, and leaves plain phrases with the same words alone', () => {
  const words = (text: string): string[] => markerWordsIn(text).map(({ word }) => word);
  expect(words('Tells whoever hears: it is no topic')).toEqual(['tells', 'whoever', 'hears', 'is no']);
  expect(words('There is no topic that is no longer at least as many as one')).toEqual([]);
});
