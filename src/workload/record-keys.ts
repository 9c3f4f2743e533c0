import type { RecordBatch } from './record-batch.ts';

const zero = 0x30;
const space = 0x20;
/** Digits of the largest whole number that a double holds exactly. */
const digitsMax = 16;

/** Keys of the records of a batch, in one buffer like the values. */
export class RecordKeys {
  bytes = Buffer.allocUnsafeSlow(65_536);
  readonly ends: Int32Array;

  constructor(recordsMax: number) {
    this.ends = new Int32Array(recordsMax);
  }

  /**
   * @param firstIndex - index of the batch's first record in the workload; line numbers start at 0
   */
  fillLineNumbers(count: number, firstIndex: number): void {
    this.#makeRoom(count * digitsMax);
    let end = 0;
    for (let record = 0; record < count; record += 1) {
      const start = end;
      let rest = firstIndex + record;
      do {
        this.bytes[end] = zero + (rest % 10);
        rest = Math.floor(rest / 10);
        end += 1;
      } while (rest > 0);
      this.bytes.subarray(start, end).reverse();
      this.ends[record] = end;
    }
  }

  /**
   * Each key ends before the first byte up to 0x20; a record that begins with such a byte has an
   * empty key.
   */
  fillFirstWords(batch: RecordBatch): void {
    this.#makeRoom(batch.sizeBytes);
    const { values, ends } = batch;
    let end = 0;
    for (let record = 0; record < batch.count; record += 1) {
      const valueEnd = ends[record] ?? 0;
      for (let index = record === 0 ? 0 : (ends[record - 1] ?? 0); index < valueEnd; index += 1) {
        const byte = values[index] ?? 0;
        if (byte <= space) break;
        this.bytes[end] = byte;
        end += 1;
      }
      this.ends[record] = end;
    }
  }

  #makeRoom(sizeBytes: number): void {
    if (this.bytes.length < sizeBytes) this.bytes = Buffer.allocUnsafeSlow(sizeBytes);
  }
}

interface KeyedKind {
  readonly help: string;
  /** Writes the keys of a batch; undefined for records without keys. */
  readonly fill: ((keys: RecordKeys, batch: RecordBatch, firstIndex: number) => void) | undefined;
}

/** The kinds of record keys. */
export const recordKeys = {
  none: { help: 'no key: partitions in turn', fill: undefined },
  'line-number': {
    help: 'number of the record',
    fill: (keys, { count }, firstIndex) => {
      keys.fillLineNumbers(count, firstIndex);
    },
  },
  'first-word': {
    help: 'text before the first space',
    fill: (keys, batch) => {
      keys.fillFirstWords(batch);
    },
  },
} as const satisfies Readonly<Record<string, KeyedKind>>;
export type KeyKind = keyof typeof recordKeys;
