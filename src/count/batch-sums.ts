import assert from 'node:assert';
import { batchSumsModule } from './generated/batch-sums-module.ts';
import { classify, lowercaseWhole, type Tokenizer } from './word-classes.ts';

/**
 * The columns of a row that counting needs; a row is `stride` numbers. A length below 0 means a
 * null value.
 */
export interface RowFields {
  readonly stride: number;
  /** Column of the index of the value's first byte in the values' buffer. */
  readonly start: number;
  /** Column of the value's length in bytes. */
  readonly length: number;
  /**
   * Columns of the record's partition and offset. With them, the digest of the records is summed,
   * too.
   */
  readonly partition?: number;
  readonly offset?: number;
  /** Columns of the index of the key's first byte and of its length, for `setRows`. */
  readonly keyStart?: number;
  readonly keyLength?: number;
}

/**
 * Offsets within a sum of `BatchSums.arena`: {hash, count, key}, where a key is {length in bytes,
 * bytes padded with zeros to 4}.
 */
export const sum = { hash: 0, count: 1, key: 2 } as const;

/** @returns the position after the sum at `at` */
export function nextSum(arena: Int32Array, at: number): number {
  return at + sum.key + 1 + (((arena[at + sum.key] ?? 0) + 3) >> 2);
}

/** The exports of src/count/assembly/batch-sums.ts. Positions and sizes are bytes of its memory. */
interface Exports {
  init(unicode: boolean, stride: number, start: number, length: number, partition: number, offset: number): void;
  initKeys(keyStart: number, keyLength: number): void;
  allocate(sizeBytes: number): number;
  reset(): void;
  makeTable(slotsLog2: number, arenaInts: number): number;
  useTable(table: number): void;
  addRows(values: number, rows: number, from: number, to: number): void;
  setRows(values: number, rows: number, from: number, to: number): number;
  getCounts(): number;
  getArena(): number;
  getArenaEnd(): number;
  getDistinct(): number;
  getWords(): number;
  getRecords(): number;
  getNullRecords(): number;
  getBytes(): number;
  getDigestLow(): number;
  getDigestHigh(): number;
}

/**
 * Initial size of the table of one partition's sums. Most members have few partitions, but one may
 * have hundreds.
 */
const tableFirst = { slotsLog2: 12, arenaInts: 1 << 14 } as const;
/**
 * Pages of 64 KiB: room for the tables of code points and a first batch, and the limit of 2 GiB for
 * a batch.
 */
const pages = { initial: 80, maximum: 32_768 } as const;
/** Columns of a single record, for `addRecord`. */
const single = { stride: 2, start: 0, length: 1 } as const;

const module = new WebAssembly.Module(Buffer.from(batchSumsModule, 'base64'));

const countsAllScripts: Readonly<Record<Tokenizer, boolean>> = { unicode: true, ascii: false };

/**
 * The words of records, summed in memory of this thread, separately for each partition: the input
 * of TableWriter.apply. Records come from `values` and `rows`, which are in the same memory as the
 * sums, so that no byte is copied before it is counted.
 */
export class BatchSums {
  /** Bytes of records, written by the caller. Replaced by `reserve`. */
  values: Uint8Array;
  /** One row per record. Replaced by `reserve`. */
  rows: Float64Array;
  readonly #memory = new WebAssembly.Memory({ ...pages, shared: true });
  readonly #exports: Exports;
  readonly #hasKeys: boolean;
  /** Indexed by the argument of `select`. */
  readonly #tables: number[] = [];

  constructor({ tokenizer, fields = single }: { readonly tokenizer: Tokenizer; readonly fields?: RowFields }) {
    const instance = new WebAssembly.Instance(module, {
      env: {
        memory: this.#memory,
        classify,
        lowercaseWhole: (from: number, to: number, target: number) => this.#lowercaseWhole(from, to, target),
        abort: () => assert.fail('the sums of a batch'),
      },
    });
    this.#exports = instance.exports as unknown as Exports;
    const { stride, start, length, partition = -1, offset = -1, keyStart = -1, keyLength = -1 } = fields;
    this.#exports.init(countsAllScripts[tokenizer], stride, start, length, partition, offset);
    this.#exports.initKeys(keyStart, keyLength);
    this.#hasKeys = keyStart >= 0 && keyLength >= 0;
    this.values = new Uint8Array(0);
    this.rows = new Float64Array(0);
    this.select(0);
  }

  /**
   * Selects the partition to which all other members apply, except `values`, `rows` and `reserve`;
   * initially 0. The sums of other partitions stay as they are.
   */
  select(partition: number): void {
    const table = (this.#tables[partition] ??= this.#exports.makeTable(tableFirst.slotsLog2, tableFirst.arenaInts));
    this.#exports.useTable(table);
  }

  /** Grows `values` and `rows` to at least these sizes. Their contents are lost when they grow. */
  reserve(room: { readonly valuesBytes: number; readonly rowNumbers: number }): void {
    if (this.values.length < room.valuesBytes) {
      const at = this.#exports.allocate(room.valuesBytes);
      this.values = new Uint8Array(this.#memory.buffer, at, room.valuesBytes);
    }
    if (this.rows.length < room.rowNumbers) {
      const at = this.#exports.allocate(room.rowNumbers * 8);
      this.rows = new Float64Array(this.#memory.buffer, at, room.rowNumbers);
    }
  }

  /** Number of records added, null ones included. */
  get records(): number {
    return this.#exports.getRecords();
  }

  get nullRecords(): number {
    return this.#exports.getNullRecords();
  }

  /** Total bytes of the values added. */
  get bytes(): number {
    return this.#exports.getBytes();
  }

  /**
   * Digest of the records added, modulo 2^64, in halves of 0 to 2^32 - 1; 0 without the columns for
   * it.
   */
  get digestLow(): number {
    return this.#exports.getDigestLow() >>> 0;
  }

  get digestHigh(): number {
    return this.#exports.getDigestHigh() >>> 0;
  }

  get words(): number {
    return this.#exports.getWords();
  }

  get distinct(): number {
    return this.#exports.getDistinct();
  }

  /**
   * The sums one after the other, up to `arenaEnd`: see `sum`. Read it again after adding records.
   */
  get arena(): Int32Array {
    return new Int32Array(this.#memory.buffer, this.#exports.getArena(), this.arenaEnd);
  }

  get arenaEnd(): number {
    return this.#exports.getArenaEnd();
  }

  /** Number of ints that all keys take in a table. */
  get keysInts(): number {
    return this.arenaEnd - 2 * this.distinct;
  }

  reset(): void {
    this.#exports.reset();
  }

  /** Adds the records of rows `from` to `to` - 1. */
  addRows(from: number, to: number): void {
    this.#exports.addRows(this.values.byteOffset, this.rows.byteOffset, from, to);
  }

  /**
   * Reads rows `from` to `to` - 1 as counts of words: the key is the word, the value its count as a
   * signed long, big endian. The last row of a word wins. Rows without a key are skipped, and so are
   * keys that begin with byte 0, which no word does. No record is added to the totals.
   * @returns the number of rows that are neither: their value is not a count from 1 to 2^53 - 1, or
   *   their key is empty
   */
  setRows(from: number, to: number): number {
    assert(this.#hasKeys, 'the rows have columns for keys');
    return this.#exports.setRows(this.values.byteOffset, this.rows.byteOffset, from, to);
  }

  /**
   * The counts that `setRows` has read, in the order of the sums, whose own counts are not valid
   * then. Read it again after further rows.
   */
  get counts(): Float64Array {
    return new Float64Array(this.#memory.buffer, this.#exports.getCounts(), this.distinct);
  }

  /** Copies the value `bytes[start..end)` and adds it. Not for sums with other `fields`. */
  addRecord(bytes: Uint8Array, start: number, end: number): void {
    assert(start >= 0 && start <= end && end <= bytes.length);
    this.reserve({ valuesBytes: end - start, rowNumbers: 2 });
    this.values.set(bytes.subarray(start, end));
    this.rows.set([0, end - start]);
    this.addRows(0, 1);
  }

  addNullRecord(): void {
    this.reserve({ valuesBytes: 0, rowNumbers: 2 });
    this.rows.set([0, -1]);
    this.addRows(0, 1);
  }

  #lowercaseWhole(from: number, to: number, target: number): number {
    const bytes = new Uint8Array(this.#memory.buffer);
    const lower = lowercaseWhole(bytes.slice(from, to));
    bytes.set(lower, target);
    return lower.length;
  }
}
