import { MergedWords } from './merged-words.ts';
import { sortWords } from './sort-words.ts';
import type { TableReader } from './table-reader.ts';
import { TableEmptied, type TableSnapshot, type WordCount } from './table-snapshot.ts';

export type { WordCount } from './table-snapshot.ts';

/** The words of a group, most frequent first; words of equal count by code point. */
export interface RankedWords {
  /** Number of distinct words in all tables, listed or not. */
  readonly distinct: number;
  /**
   * Created on demand, so that ten million words do not need ten million strings at once. May be
   * iterated repeatedly. Throws TableEmptied once a durable table has been emptied.
   */
  readonly entries: Iterable<WordCount>;
}

const wordsABlock = 256;

/**
 * @param readers - one per partition; the same word may occur in several
 * @param top - how many words to list; Infinity lists all
 * @returns undefined while a table can't be read: its member died within a batch and has not been
 *   recovered yet, or it was emptied meanwhile
 */
export function topWords(readers: readonly TableReader[], top: number): RankedWords | undefined {
  const snapshots = snapshotAll(readers);
  return snapshots && whileIntact(snapshots, () => rankWords(snapshots, top));
}

/** Like topWords, for tables that have already been read. */
export function rankWords(snapshots: readonly TableSnapshot[], top: number): RankedWords {
  const merged = new MergedWords(snapshots);
  const ranked = sortWords(merged, top);
  return {
    distinct: merged.distinct,
    entries: {
      *[Symbol.iterator]() {
        for (let from = 0; from < ranked.length; from += wordsABlock) {
          const words = [...ranked.subarray(from, from + wordsABlock)].map((index) => merged.wordCount(index));
          if (!snapshots.every((snapshot) => snapshot.isIntact())) throw new TableEmptied();
          yield* words;
        }
      },
    },
  };
}

/** @returns the counts of all words, at most 2^24 of them; undefined as for topWords */
export function countsOfTables(readers: readonly TableReader[]): Map<string, number> | undefined {
  const snapshots = snapshotAll(readers);
  return snapshots && whileIntact(snapshots, () => countsOf(snapshots));
}

function countsOf(snapshots: readonly TableSnapshot[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const snapshot of snapshots) {
    for (const { word, count } of snapshot) counts.set(word, (counts.get(word) ?? 0) + count);
  }
  return counts;
}

/** @returns undefined when a table was emptied while `read` read its keys, whatever it has found */
function whileIntact<Result>(snapshots: readonly TableSnapshot[], read: () => Result): Result | undefined {
  const areIntact = (): boolean => snapshots.every((snapshot) => snapshot.isIntact());
  try {
    const result = read();
    return areIntact() ? result : undefined;
  } catch (error) {
    if (areIntact()) throw error;
    return undefined;
  }
}

function snapshotAll(readers: readonly TableReader[]): TableSnapshot[] | undefined {
  const snapshots: TableSnapshot[] = [];
  for (const reader of readers) {
    const snapshot = reader.snapshot();
    if (snapshot === undefined) return undefined;
    snapshots.push(snapshot);
  }
  return snapshots;
}
