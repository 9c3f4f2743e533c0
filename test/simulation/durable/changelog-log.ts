import { ProgressFold, isProgressKey, type Progress } from '../../../src/protocol/changelog-format.ts';

/** A transaction, from its begin to the last of its markers. */
export interface Transaction {
  readonly transactionalId: string;
  readonly epoch: number;
  outcome: 'open' | 'committed' | 'aborted';
  /** Changelog partitions that it has written to and that have no marker yet. */
  readonly unmarked: Set<number>;
  /** Consumed offsets by partition. */
  readonly offsets: Map<number, number>;
  /** The committed offsets are visible, or dropped. */
  offsetsSettled: boolean;
}

export interface ChangelogRecord {
  readonly key: Buffer;
  readonly value: Buffer;
}

/** An entry of the log: a record, or the marker that ends a transaction there. */
export interface Entry {
  readonly transaction: Transaction;
  /** Undefined for a marker. */
  readonly record: ChangelogRecord | undefined;
}

/** What the changelog says at one of its offsets. */
export interface Contents {
  readonly words: ReadonlyMap<string, number>;
  readonly progress: Progress | undefined;
}

/** One partition of the changelog. */
export class ChangelogLog {
  readonly entries: Entry[] = [];

  get highWatermark(): number {
    return this.entries.length;
  }

  /** End of what read_committed delivers: the first record of a transaction without its marker. */
  get lastStable(): number {
    const ended = new Set<Transaction>();
    let stable = this.entries.length;
    for (let offset = this.entries.length - 1; offset >= 0; offset -= 1) {
      const entry = this.entries[offset];
      if (entry === undefined) continue;
      if (entry.record === undefined) ended.add(entry.transaction);
      else if (!ended.has(entry.transaction)) stable = offset;
    }
    return stable;
  }

  /** Words and the last complete progress of the committed records below `offset`. */
  contentsBelow(offset: number): Contents {
    const words = new Map<string, number>();
    const fold = new ProgressFold();
    for (const { transaction, record } of this.entries.slice(0, offset)) {
      if (record === undefined || transaction.outcome !== 'committed') continue;
      const { key, value } = record;
      if (isProgressKey(key, 0, key.length)) takeProgress(fold, record);
      else words.set(key.toString(), Number(value.readBigInt64BE()));
    }
    return { words, progress: fold.progress };
  }

  /** The progress records of one transaction. */
  progressOf(transaction: Transaction): Progress | undefined {
    const fold = new ProgressFold();
    for (const { transaction: each, record } of this.entries) {
      if (each !== transaction || record === undefined) continue;
      if (isProgressKey(record.key, 0, record.key.length)) takeProgress(fold, record);
    }
    return fold.progress;
  }
}

function takeProgress(fold: ProgressFold, { key, value }: ChangelogRecord): void {
  const bytes = Buffer.concat([key, value]);
  fold.take(bytes, 0, key.length, key.length, value.length);
}
