import assert from 'node:assert';
import { keysEqual, wordAt } from './keys.ts';
import type { TableSnapshot, WordCount } from './table-snapshot.ts';

/**
 * The words of several tables with the sums of their counts: the same word may be in every
 * partition. Each word takes 22 bytes, and 8 to 16 more during the merge. There may be more words
 * than a Map holds (2^24).
 */
export class MergedWords {
  readonly snapshots: readonly TableSnapshot[];
  /** Number of distinct words; the arrays may be longer. */
  distinct = 0;
  readonly counts: Float64Array;
  /** A table that contains the word: index into `snapshots`, and the position of its key there. */
  readonly tables: Uint16Array;
  readonly keyRefs: Int32Array;

  constructor(snapshots: readonly TableSnapshot[]) {
    assert(snapshots.length < 2 ** 16);
    this.snapshots = snapshots;
    const room = snapshots.reduce((sum, { counts }) => sum + counts.length, 0);
    this.counts = new Float64Array(room);
    this.tables = new Uint16Array(room);
    this.keyRefs = new Int32Array(room);
    this.#merge(room);
  }

  wordCount(index: number): WordCount {
    const table = this.snapshots[this.tables[index] ?? 0];
    assert(table !== undefined && index < this.distinct);
    return { word: wordAt(table.bytes, this.keyRefs[index] ?? 0), count: this.counts[index] ?? 0 };
  }

  #merge(room: number): void {
    const log2 = Math.max(4, Math.ceil(Math.log2(room * 1.5 + 1)));
    const mask = (1 << log2) - 1;
    /** Index + 1 of the word; 0 when empty. */
    const slots = new Int32Array(2 ** log2);
    const hashes = new Int32Array(room);
    for (const [table, snapshot] of this.snapshots.entries()) {
      for (const [from, keyRef] of snapshot.keyRefs.entries()) {
        const hash = snapshot.hashes[from] ?? 0;
        let number = hash >>> (32 - log2);
        let index = (slots[number] ?? 0) - 1;
        while (index >= 0 && !(hashes[index] === hash && this.#isKey(index, snapshot, keyRef))) {
          number = (number + 1) & mask;
          index = (slots[number] ?? 0) - 1;
        }
        if (index < 0) {
          index = this.distinct;
          this.distinct += 1;
          slots[number] = index + 1;
          hashes[index] = hash;
          this.tables[index] = table;
          this.keyRefs[index] = keyRef;
        }
        this.counts[index] = (this.counts[index] ?? 0) + (snapshot.counts[from] ?? 0);
      }
    }
  }

  #isKey(index: number, snapshot: TableSnapshot, keyRef: number): boolean {
    const mine = this.snapshots[this.tables[index] ?? 0];
    return mine !== undefined && keysEqual(mine.ints, this.keyRefs[index] ?? 0, snapshot.ints, keyRef);
  }
}
