type WordCount = readonly [word: string, count: number];

/**
 * The most frequent words first, words of equal count by code point, as `counts` prints them.
 * @param top - how many; Infinity for all
 */
export function rankedWords(counts: ReadonlyMap<string, number>, top: number): WordCount[] {
  let entries: WordCount[] = [...counts];
  if (top < entries.length) {
    // Of ten million words, only those that may be printed are sorted with their texts.
    const least = Float64Array.from(counts.values()).sort()[entries.length - top] ?? Infinity;
    entries = entries.filter(([, count]) => count >= least);
  }
  return entries.sort(([a, countA], [b, countB]) => countB - countA || compareCodePoints(a, b)).slice(0, top);
}

/** JavaScript compares code units, by which characters beyond U+FFFF come before U+E000. */
function compareCodePoints(a: string, b: string): number {
  const shared = Math.min(a.length, b.length);
  for (let index = 0; index < shared; index += 1) {
    const difference = rank(a.charCodeAt(index)) - rank(b.charCodeAt(index));
    if (difference !== 0) return difference;
  }
  return a.length - b.length;
}

/** Moves surrogates behind the other code units. */
function rank(unit: number): number {
  if (unit < 0xd800) return unit;
  return unit < 0xe000 ? unit + 0x2000 : unit - 0x800;
}
