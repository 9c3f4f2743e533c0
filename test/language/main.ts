import { findMarkerWords, places } from './marker-words.ts';

/** Counts the marker words of each place. With --list, prints each word with its position. */
const found = findMarkerWords();
for (const place of places) {
  const here = found.filter((finding) => finding.place === place);
  console.log(`${place}: ${here.length}`);
  const words = new Map<string, number>();
  for (const { word } of here) words.set(word, (words.get(word) ?? 0) + 1);
  for (const [word, count] of [...words].sort((a, b) => b[1] - a[1])) console.log(`  ${word}: ${count}`);
  if (!process.argv.includes('--list')) continue;
  for (const { at, word, write } of here) console.log(`  ${at}: ${word} (write: ${write})`);
}
