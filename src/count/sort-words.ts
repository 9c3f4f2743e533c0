import assert from 'node:assert';
import type { MergedWords } from './merged-words.ts';

/** Level of the counts in the order of words; each level behind it is four bytes of the keys. */
const countLevel = 0;
const partBytes = 4;

/** The places of a sort: which word is there, and the part of its order that is compared. */
interface Places {
  readonly indices: Uint32Array;
  readonly parts: Float64Array;
}

/**
 * Sorts with three partitions, by count first and then by four bytes of the keys at a time. What
 * comes after the first `top` words is not sorted: the time is that of a few looks at each word,
 * even if all counts are equal. Takes 12 bytes per word.
 * @param top - number of words to return
 * @returns indices of the first `top` words, most frequent first. Words of equal count are in the
 *   order of code points, which is the order of their UTF-8 bytes, not of JavaScript's strings.
 */
export function sortWords(words: MergedWords, top: number): Uint32Array {
  assert(top >= 0);
  const { distinct } = words;
  const places = { indices: new Uint32Array(distinct), parts: new Float64Array(distinct) };
  const { indices, parts } = places;
  for (let place = 0; place < distinct; place += 1) indices[place] = place;
  readCounts(words, places);
  /** Ranges to sort, each {from, to, level}: their words are equal in all levels before. */
  const ranges = [0, distinct, countLevel];
  let random = 1;
  while (ranges.length > 0) {
    const level = ranges.pop() ?? 0;
    const to = ranges.pop() ?? 0;
    const from = ranges.pop() ?? 0;
    if (to - from < 2 || from >= top) continue;
    random = (Math.imul(random, 1_664_525) + 1_013_904_223) >>> 0;
    const pivot = parts[from + Math.floor((random / 2 ** 32) * (to - from))] ?? 0;
    let less = from;
    let greater = to;
    for (let place = from; place < greater;) {
      const part = parts[place] ?? 0;
      if (part < pivot) {
        swap(places, place, less);
        less += 1;
        place += 1;
      } else if (part > pivot) {
        greater -= 1;
        swap(places, place, greater);
      } else {
        place += 1;
      }
    }
    ranges.push(greater, to, level);
    if (greater - less > 1 && less < top && (level === countLevel || hasMore(pivot))) {
      readKeys(words, places, { from: less, to: greater, level: level + 1 });
      ranges.push(less, greater, level + 1);
    }
    ranges.push(from, less, level);
  }
  return indices.subarray(0, Math.min(top, distinct));
}

function swap({ indices, parts }: Places, left: number, right: number): void {
  const index = indices[left] ?? 0;
  const part = parts[left] ?? 0;
  indices[left] = indices[right] ?? 0;
  parts[left] = parts[right] ?? 0;
  indices[right] = index;
  parts[right] = part;
}

function readCounts({ counts }: MergedWords, { indices, parts }: Places): void {
  for (let place = 0; place < indices.length; place += 1) parts[place] = -(counts[indices[place] ?? 0] ?? 0);
}

/** A part of a key is its bytes as a number, and behind them how many there are: shorter keys come first. */
function readKeys(
  { snapshots, tables, keyRefs }: MergedWords,
  { indices, parts }: Places,
  { from, to, level }: { readonly from: number; readonly to: number; readonly level: number },
): void {
  const before = (level - 1) * partBytes;
  const ints = snapshots.map((snapshot) => snapshot.ints);
  for (let place = from; place < to; place += 1) {
    const index = indices[place] ?? 0;
    const keyRef = keyRefs[index] ?? 0;
    const of = ints[tables[index] ?? 0];
    const length = Math.min((of?.[keyRef] ?? 0) - before, partBytes + 1);
    parts[place] = bigEndian(of?.[keyRef + level] ?? 0) * 8 + length;
  }
}

/** True for the part of a key that has more parts. */
function hasMore(part: number): boolean {
  return part % 8 > partBytes;
}

function bigEndian(value: number): number {
  return (((value & 0xff) << 24) | ((value & 0xff00) << 8) | ((value >>> 8) & 0xff00) | (value >>> 24)) >>> 0;
}
