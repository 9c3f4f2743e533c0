import { expect, test } from 'vitest';
import { findMarkerWords, places, type Place } from './marker-words.ts';

/** Marker words that are left in each place. Lower a number when words are gone; never raise one. */
const ceilings: Readonly<Record<Place, number>> = CEILINGS;

test.each(places)('%s has no new marker words (node test/language/main.ts --list)', (place) => {
  const found = findMarkerWords().filter((finding) => finding.place === place);
  expect(found.length).toBeLessThanOrEqual(ceilings[place]);
});

test('the words are found where they are', () => {
  expect(findMarkerWords().filter(({ at }) => !/^[\w./-]+:[1-9]\d*$/.test(at))).toEqual([]);
});
