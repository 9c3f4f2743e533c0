import assert from 'node:assert';
import { control } from './layout.ts';

/**
 * Numbers by index. Typed arrays have this interface, and so do the recording arrays of the crash
 * tests.
 */
export interface Numbers {
  readonly length: number;
  [index: number]: number;
}

/**
 * All operations of writer, reader and recovery on a table's memory. The program implements them
 * over a SharedArrayBuffer; the tests have an implementation that dies at a chosen write.
 */
export interface TableMemory {
  /**
   * The whole table as Int32 and as Float64. `refresh` and `growTo` replace these views: do not
   * keep them across calls of these.
   */
  readonly ints: Numbers;
  readonly floats: Numbers;
  /** The same memory as bytes, for reading. */
  readonly bytes: Buffer;
  readonly limitBytes: number;
  /** Extends the views to memory that other threads have added. */
  refresh(): void;
  /** @returns false when the memory is not available; nothing has changed then */
  growTo(sizeBytes: number): boolean;
  load(index: number): number;
  store(index: number, value: number): void;
  /** Also a memory fence: earlier reads and writes stay before it. @returns the previous value */
  add(index: number, delta: number): number;
  /** @returns true when the word was `expected` and is now `replacement` */
  swap(index: number, expected: number, replacement: number): boolean;
  loadLease(): bigint;
  swapLease(expected: bigint, replacement: bigint): boolean;
  /** Sleeps while the word is `value`. @returns false when it still was after `timeoutMs` */
  wait(index: number, value: number, timeoutMs: number): boolean;
  wake(index: number): void;
  /** A monotonic time in milliseconds, with an arbitrary zero. */
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
    // With an explicit length: views that track a growable buffer are twenty times slower (V8
    // 11.3).
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
    // eslint-disable-next-line no-restricted-syntax -- this room imports nothing, and one thread takes both readings
    return performance.now();
  }
}

/** A table as the program shares it, or memory with the same interface. */
export type CountTable = SharedArrayBuffer | TableMemory;

export function memoryOf(table: CountTable): TableMemory {
  return table instanceof SharedArrayBuffer ? new SharedTableMemory(table) : table;
}
