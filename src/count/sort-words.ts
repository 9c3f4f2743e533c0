import assert from 'node:assert';
import type { MergedWords } from './merged-words.ts';

/**
 * @param top - number of words to return
 * @returns indices of the first `top` words, most frequent first. Words of equal count are in the
 *   order of code points, which is the order of their UTF-8 bytes, not of JavaScript's strings.
 */
export function sortWords(words: MergedWords, top: number): Uint32Array {
  assert(top >= 0);
  const { counts, distinct } = words;
  const ranked = candidates(counts.subarray(0, distinct), top);
  ranked.sort((left, right) => (counts[right] ?? 0) - (counts[left] ?? 0) || compareKeys(words, left, right));
  return ranked.subarray(0, Math.min(top, ranked.length));
}

/** @returns indices of all counts that may be among the `top` largest, including all ties */
function candidates(counts: Float64Array, top: number): Uint32Array {
  let least = 0;
  if (top === 0) least = Infinity;
  else if (top < counts.length) least = counts.toSorted()[counts.length - top] ?? 0;
  const found = new Uint32Array(counts.reduce((sum, count) => sum + (count >= least ? 1 : 0), 0));
  let next = 0;
  for (let index = 0; index < counts.length; index += 1) {
    if ((counts[index] ?? 0) < least) continue;
    found[next] = index;
    next += 1;
  }
  return found;
}

function compareKeys({ snapshots, tables, keyRefs }: MergedWords, left: number, right: number): number {
  const leftTable = snapshots[tables[left] ?? 0];
  const rightTable = snapshots[tables[right] ?? 0];
  assert(leftTable !== undefined && rightTable !== undefined);
  const leftAt = (keyRefs[left] ?? 0) * 4;
  const rightAt = (keyRefs[right] ?? 0) * 4;
  const leftLength = leftTable.bytes.readInt32LE(leftAt);
  const rightLength = rightTable.bytes.readInt32LE(rightAt);
  return leftTable.bytes.compare(
    rightTable.bytes,
    rightAt + 4,
    rightAt + 4 + rightLength,
    leftAt + 4,
    leftAt + 4 + leftLength,
  );
}
