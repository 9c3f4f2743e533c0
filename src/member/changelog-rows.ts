import { ChangedWords, WordRows } from '../count/changed-words.ts';
import { TableReader } from '../count/table-reader.ts';
import type { TransactionalProducer } from '../kafka/native/transactional-producer.ts';
import { encodeProgress, type Progress, type ProducerRows } from '../protocol/changelog-format.ts';
import type { OwnedPartition } from './owned-partition.ts';

export type RowsProducer = Pick<TransactionalProducer, 'produce'>;

/** What names a commit in the changelog. */
export type CommitName = Pick<Progress, 'writer' | 'commit' | 'topicId'>;

/** Chunk of words on their way to the client; all commits of a thread share one. */
const chunk = new WordRows();

/**
 * The changelog records of one commit: the changed words of each partition, then all progress
 * records. They are captured when it is created, between two steps, so counts and progress agree
 * however long the client takes.
 */
export class ChangelogRows {
  readonly #words: ChangedWords[];
  readonly #progress: ProducerRows;
  #rows: ProducerRows = { bytes: chunk.bytes, rows: chunk.rows, count: 0 };
  #produced = 0;
  #isLast = false;

  /** @param changed - their words must be in flight */
  constructor(changed: readonly OwnedPartition[], name: CommitName) {
    this.#words = changed.flatMap(({ partition, table, cells }) =>
      cells === undefined ? [] : [new ChangedWords(partition, table, cells)],
    );
    for (const words of this.#words) words.capture();
    this.#progress = encodeProgress(
      changed.map(({ partition, table }) => ({
        partition,
        progress: { ...new TableReader(table).progress(), ...name },
      })),
    );
  }

  /** @returns true once the client has accepted all records; false while its queue is full */
  produceTo(producer: RowsProducer): boolean {
    for (;;) {
      const { bytes, rows, count } = this.#rows;
      this.#produced += producer.produce(bytes, rows, this.#produced, count);
      if (this.#produced < count) return false;
      if (this.#isLast) return true;
      this.#rows = this.#next();
      this.#produced = 0;
    }
  }

  #next(): ProducerRows {
    for (let words = this.#words[0]; words !== undefined; words = this.#words[0]) {
      const count = words.write(chunk);
      if (count > 0) return { bytes: chunk.bytes, rows: chunk.rows, count };
      this.#words.shift();
    }
    this.#isLast = true;
    return this.#progress;
  }
}
