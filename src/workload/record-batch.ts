import assert from 'node:assert';

/** Below this length a loop copies faster than a call of TypedArray.prototype.set. */
const loopCopyBytesMax = 128;

/** Values of many records in one buffer, without an object per record. */
export class RecordBatch {
  /** The values, without gaps. */
  values: Buffer;
  /** Index one past the last byte of each record's value; the first value begins at 0. */
  readonly ends: Int32Array;
  count = 0;
  sizeBytes = 0;

  /**
   * @param capacity.bytes - for all values together; a single larger value makes the buffer grow
   */
  constructor(capacity: { readonly records: number; readonly bytes: number }) {
    this.values = Buffer.allocUnsafeSlow(capacity.bytes);
    this.ends = new Int32Array(capacity.records);
  }

  clear(): void {
    this.count = 0;
    this.sizeBytes = 0;
  }

  /**
   * Appends nothing when there is no room. An empty batch accepts a value of any size.
   * @returns false when there is no room
   */
  append(source: Uint8Array, start: number, end: number): boolean {
    const length = end - start;
    const offset = this.sizeBytes;
    if (this.count === this.ends.length) return false;
    if (offset + length > this.values.length) {
      if (this.count > 0) return false;
      this.values = Buffer.allocUnsafeSlow(length);
    }
    const { values } = this;
    if (length <= loopCopyBytesMax) {
      for (let index = 0; index < length; index += 1) values[offset + index] = source[start + index] ?? 0;
    } else {
      values.set(source.subarray(start, end), offset);
    }
    this.sizeBytes = offset + length;
    this.ends[this.count] = this.sizeBytes;
    this.count += 1;
    return true;
  }
}

/**
 * Distributes records over the batches of P partitions in turn: record i of a workload goes to
 * partition i mod P. With one batch, all records go there.
 */
export class RecordDealer {
  readonly batches: readonly RecordBatch[];
  /** Index of the next record in its workload. */
  #index: number;

  constructor(batches: readonly RecordBatch[], firstIndex = 0) {
    assert(batches.length > 0);
    this.batches = batches;
    this.#index = firstIndex;
  }

  get index(): number {
    return this.#index;
  }

  /**
   * @returns false when the batch whose turn it is has no room: send all batches, clear them,
   *   append again
   */
  append(source: Uint8Array, start: number, end: number): boolean {
    const batch = this.batches[this.#index % this.batches.length];
    if (batch?.append(source, start, end) !== true) return false;
    this.#index += 1;
    return true;
  }

  clear(): void {
    for (const batch of this.batches) batch.clear();
  }
}
