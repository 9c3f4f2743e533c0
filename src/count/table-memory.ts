import assert from 'node:assert';
import { control } from './layout.ts';

/** Numbers by index. Typed arrays have this shape, and so have the recording arrays of the crash tests. */
export interface Numbers {
  readonly length: number;
  [index: number]: number;
}

/**
 * All that writer, reader and recovery do to a table's memory. The program has one implementation, over a SharedArrayBuffer;
 * the tests have another that dies at a chosen write.
 */
export interface TableMemory {
  /** The whole table as Int32 and as Float64. Views are made anew by `refresh` and `growTo`: don't keep them across these. */
  readonly ints: Numbers;
  readonly floats: Numbers;
  /** The same as bytes, for reading. */
  readonly bytes: Buffer;
  readonly limitBytes: number;
  /** Takes in what other threads have grown. */
  refresh(): void;
  /** @returns false when the memory can't be had, and nothing has changed */
  growTo(sizeBytes: number): boolean;
  load(index: number): number;
  store(index: number, value: number): void;
  /** @returns the value before. Also a fence: what was read or written before stays before. */
  add(index: number, delta: number): number;
  /** @returns whether the word was `expected` and is `replacement` now */
  swap(index: number, expected: number, replacement: number): boolean;
  loadLease(): bigint;
  swapLease(expected: bigint, replacement: bigint): boolean;
  /** Sleeps while the word is `value`. @returns false when it still was after `timeoutMs` */
  wait(index: number, value: number, timeoutMs: number): boolean;
  wake(index: number): void;
  /** Monotonic, from any zero. Milliseconds. */
  nowMs(): number;
}

export class SharedTableMemory implements TableMemory {
  readonly buffer: SharedArrayBuffer;
  ints: Int32Array;
  floats: Float64Array;
  bytes: Buffer;
  #leases: BigInt64Array;

  constructor(buffer: SharedArrayBuffer) {
    assert(buffer.growable, 'table memory must come from createTable');
    this.buffer = buffer;
    this.ints = new Int32Array(0);
    this.floats = new Float64Array(0);
    this.bytes = Buffer.alloc(0);
    this.#leases = new BigInt64Array(buffer, control.lease * 4, 1);
    this.refresh();
  }

  get limitBytes(): number {
    return this.buffer.maxByteLength;
  }

  refresh(): void {
    const sizeBytes = this.buffer.byteLength - (this.buffer.byteLength % 8);
    if (sizeBytes === this.ints.byteLength) return;
    // With an explicit length: views that track a growable buffer are twenty times slower (V8 11.3).
    this.ints = new Int32Array(this.buffer, 0, sizeBytes / 4);
    this.floats = new Float64Array(this.buffer, 0, sizeBytes / 8);
    this.bytes = Buffer.from(this.buffer, 0, sizeBytes);
  }

  growTo(sizeBytes: number): boolean {
    try {
      if (sizeBytes > this.buffer.byteLength) this.buffer.grow(sizeBytes);
    } catch (error) {
      if (error instanceof RangeError) return false;
      throw error;
    }
    this.refresh();
    return true;
  }

  load(index: number): number {
    return Atomics.load(this.ints, index);
  }

  store(index: number, value: number): void {
    Atomics.store(this.ints, index, value);
  }

  add(index: number, delta: number): number {
    return Atomics.add(this.ints, index, delta);
  }

  swap(index: number, expected: number, replacement: number): boolean {
    return Atomics.compareExchange(this.ints, index, expected, replacement) === expected;
  }

  loadLease(): bigint {
    return Atomics.load(this.#leases, 0);
  }

  swapLease(expected: bigint, replacement: bigint): boolean {
    return Atomics.compareExchange(this.#leases, 0, expected, replacement) === expected;
  }

  wait(index: number, value: number, timeoutMs: number): boolean {
    return Atomics.wait(this.ints, index, value, timeoutMs) !== 'timed-out';
  }

  wake(index: number): void {
    Atomics.notify(this.ints, index);
  }

  nowMs(): number {
    return performance.now();
  }
}

/** A table as the program shares it, or memory that behaves like one. */
export type Table = SharedArrayBuffer | TableMemory;

export function memoryOf(table: Table): TableMemory {
  return table instanceof SharedArrayBuffer ? new SharedTableMemory(table) : table;
}
