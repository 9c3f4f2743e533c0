import { wordAt } from './keys.ts';
import type { Numbers, TableMemory } from './table-memory.ts';

/** Where a table stands, after whole batches. */
export interface TableProgress {
  /** Offset of the first record not yet counted. */
  readonly nextOffset: number;
  /** Records counted, null ones included. */
  readonly records: number;
  readonly nullRecords: number;
  readonly words: number;
  readonly distinctWords: number;
  /** Bytes of the record values counted. */
  readonly bytes: number;
  /** Digest of the records counted, modulo 2^64: its halves, each 0 to 2^32 - 1. */
  readonly digestLow: number;
  readonly digestHigh: number;
  /** Batches refused because their writer's lease was gone. */
  readonly refused: number;
}

export interface WordCount {
  readonly word: string;
  readonly count: number;
}

/**
 * All words of one table after a whole batch, in no order that means anything. Counts are copies, 16 bytes a word with what finds
 * the key; keys are the table's own, which never move or change.
 */
export class TableSnapshot implements Iterable<WordCount> {
  readonly progress: TableProgress;
  readonly hashes: Int32Array;
  /** Places of keys in `ints`. */
  readonly keyRefs: Int32Array;
  readonly counts: Float64Array;
  readonly ints: Numbers;
  readonly bytes: Buffer;

  /** Room for all words that `progress` tells of. */
  constructor({ ints, bytes }: TableMemory, progress: TableProgress) {
    this.progress = progress;
    this.hashes = new Int32Array(progress.distinctWords);
    this.keyRefs = new Int32Array(progress.distinctWords);
    this.counts = new Float64Array(progress.distinctWords);
    this.ints = ints;
    this.bytes = bytes;
  }

  *[Symbol.iterator](): Generator<WordCount> {
    for (const [index, keyRef] of this.keyRefs.entries()) {
      yield { word: wordAt(this.bytes, keyRef), count: this.counts[index] ?? 0 };
    }
  }
}
