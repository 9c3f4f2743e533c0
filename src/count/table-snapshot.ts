import { wordAt } from './keys.ts';
import { block, blockAt, control } from './layout.ts';
import type { Numbers, TableMemory } from './table-memory.ts';

/** The state of a table after whole batches. */
export interface TableProgress {
  /** Offset of the first record not yet counted. */
  readonly nextOffset: number;
  /** Records counted, null ones included. */
  readonly records: number;
  readonly nullRecords: number;
  readonly words: number;
  readonly distinctWords: number;
  /** Bytes of the counted record values. */
  readonly bytes: number;
  /** Digest of the counted records, modulo 2^64: its halves, each 0 to 2^32 - 1. */
  readonly digestLow: number;
  readonly digestHigh: number;
  /** Number of batches refused because their writer had lost its lease. */
  readonly refused: number;
}

export interface WordCount {
  readonly word: string;
  readonly count: number;
}

/** The table was emptied while its words were read: read it again once it is restored. */
export class TableEmptied extends Error {
  constructor() {
    super('a table was emptied while its words were read');
  }
}

/**
 * All words of one table after a whole batch, in no particular order. Counts are copies, with 16
 * bytes per word including the reference to the key. Keys are the table's own, which never move or
 * change.
 */
export class TableSnapshot implements Iterable<WordCount> {
  readonly progress: TableProgress;
  readonly hashes: Int32Array;
  /** Positions of keys in `ints`. */
  readonly keyRefs: Int32Array;
  readonly counts: Float64Array;
  readonly ints: Numbers;
  readonly bytes: Buffer;
  readonly #memory: TableMemory;
  readonly #incarnation: number;

  /** Allocates room for all words that `progress` reports. */
  constructor(memory: TableMemory, progress: TableProgress) {
    const { ints, bytes } = memory;
    this.#memory = memory;
    this.#incarnation = incarnationOf(memory);
    this.progress = progress;
    this.hashes = new Int32Array(progress.distinctWords);
    this.keyRefs = new Int32Array(progress.distinctWords);
    this.counts = new Float64Array(progress.distinctWords);
    this.ints = ints;
    this.bytes = bytes;
  }

  /**
   * True while the keys are certainly those of the snapshot. Once a durable table has been emptied,
   * the memory of its keys is used again. Check it after reading keys.
   */
  isIntact(): boolean {
    const memory = this.#memory;
    for (;;) {
      const version = memory.load(control.version);
      const incarnation = incarnationOf(memory);
      // As for slots, an addition of 0: no read of a key comes after it.
      if (memory.add(control.version, 0) === version) return incarnation === this.#incarnation;
    }
  }

  *[Symbol.iterator](): Generator<WordCount> {
    for (const [index, keyRef] of this.keyRefs.entries()) {
      yield { word: wordAt(this.bytes, keyRef), count: this.counts[index] ?? 0 };
    }
  }
}

function incarnationOf(memory: TableMemory): number {
  return memory.floats[blockAt(memory.load(control.activeBlock)) + block.incarnation] ?? 0;
}
