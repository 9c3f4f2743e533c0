import { BatchSums } from '../count/batch-sums.ts';
import { createTable } from '../count/layout.ts';
import { TableReader } from '../count/table-reader.ts';
import { TableWriter } from '../count/table-writer.ts';
import { ClusterError } from '../errors.ts';
import type { ChangelogSink } from '../kafka/kafkajs/changelog-reader.ts';

const limitBytes = 2 ** 31;
const owner = 1;
/** Words that are set in one step, and first room for their bytes. */
const rowsMax = 4_096;
const bytesFirst = 1 << 18;
const valueBytes = 8;
/** A row: the value's position and length, the key's position and length. */
const rowNumbers = 4;

/** Memory in which `ChangelogTable` collects words; tables may share it, one after the other. */
export function createChangelogSums(): BatchSums {
  const sums = new BatchSums({
    tokenizer: 'unicode',
    fields: { stride: rowNumbers, start: 0, length: 1, keyStart: 2, keyLength: 3 },
  });
  sums.reserve({ valuesBytes: bytesFirst, rowNumbers: rowsMax * rowNumbers });
  return sums;
}

/**
 * The counts of one changelog partition in a table of their own, outside of the heap: 54 bytes per
 * word of six letters, and no limit of 2^24 words as in a Map.
 */
export class ChangelogTable implements ChangelogSink {
  readonly reader: TableReader;
  readonly #writer: TableWriter;
  readonly #sums: BatchSums;
  #rows = 0;
  #bytes = 0;

  /** @param sums - of createChangelogSums */
  constructor(sums: BatchSums) {
    const table = createTable({ nextOffset: 0, limitBytes });
    this.reader = new TableReader(table);
    this.#writer = new TableWriter(table);
    this.#writer.claim(owner);
    this.#sums = sums;
  }

  /** Tables never lose a word, and members of a durable group remove none. */
  set(key: Uint8Array, count: number): boolean {
    if (count === 0) return false;
    const needed = key.length + valueBytes;
    if (this.#rows === rowsMax || this.#bytes + needed > this.#sums.values.length) {
      this.#apply();
      this.#sums.reserve({ valuesBytes: needed, rowNumbers: 0 });
    }
    const { values, rows } = this.#sums;
    const valueAt = this.#bytes + key.length;
    values.set(key, this.#bytes);
    let rest = count;
    for (let at = valueAt + valueBytes - 1; at >= valueAt; at -= 1) {
      values[at] = rest % 256;
      rest = Math.floor(rest / 256);
    }
    const row = this.#rows * rowNumbers;
    rows[row] = valueAt;
    rows[row + 1] = valueBytes;
    rows[row + 2] = this.#bytes;
    rows[row + 3] = key.length;
    this.#rows += 1;
    this.#bytes += needed;
    return true;
  }

  /** @throws ClusterError limit when the table is full */
  end(): number {
    this.#apply();
    const { counts } = this.reader.snapshot() ?? { counts: [] };
    let words = 0;
    for (const count of counts) words += count;
    return words;
  }

  #apply(): void {
    const sums = this.#sums;
    sums.reset();
    sums.setRows(0, this.#rows);
    this.#rows = 0;
    this.#bytes = 0;
    if (sums.distinct === 0) return;
    const { type } = this.#writer.restore(sums);
    if (type === 'full')
      throw new ClusterError('limit', 'the counts of one partition of the changelog need over 2 GiB');
  }
}
