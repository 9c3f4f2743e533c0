import { SharedTableMemory, type Numbers, type TableMemory } from '../../src/count/table-memory.ts';

export type Access = 'read' | 'write';

/** Ends the simulated thread; no code of the program catches it. */
export class Killed extends Error {}

/**
 * A table's memory that calls `step` before every access to it, so that a test can run another
 * thread's code there, or end there. Atomic exchanges count as one write.
 */
export class SteppedMemory implements TableMemory {
  readonly #real: SharedTableMemory;
  readonly #step: (access: Access) => void;

  constructor(table: SharedArrayBuffer, step: (access: Access) => void) {
    this.#real = new SharedTableMemory(table);
    this.#step = step;
  }

  get ints(): Numbers {
    return this.#stepped(this.#real.ints);
  }

  get floats(): Numbers {
    return this.#stepped(this.#real.floats);
  }

  get bytes(): Buffer {
    return this.#real.bytes;
  }

  get limitBytes(): number {
    return this.#real.limitBytes;
  }

  refresh(): void {
    this.#real.refresh();
  }

  growTo(sizeBytes: number): boolean {
    this.#step('write');
    return this.#real.growTo(sizeBytes);
  }

  load(index: number): number {
    this.#step('read');
    return this.#real.load(index);
  }

  store(index: number, value: number): void {
    this.#step('write');
    this.#real.store(index, value);
  }

  add(index: number, delta: number): number {
    this.#step('write');
    return this.#real.add(index, delta);
  }

  swap(index: number, expected: number, replacement: number): boolean {
    this.#step('write');
    return this.#real.swap(index, expected, replacement);
  }

  loadLease(): bigint {
    this.#step('read');
    return this.#real.loadLease();
  }

  swapLease(expected: bigint, replacement: bigint): boolean {
    this.#step('write');
    return this.#real.swapLease(expected, replacement);
  }

  wait(): boolean {
    return false;
  }

  wake(): void {
    // A single thread never sleeps.
  }

  nowMs(): number {
    return this.#real.nowMs();
  }

  #stepped(numbers: Int32Array | Float64Array): Numbers {
    const step = this.#step;
    return new Proxy<Numbers>(numbers, {
      get(target, property) {
        if (property === 'length') return target.length;
        step('read');
        return target[Number(property)];
      },
      set(target, property, value: number) {
        step('write');
        target[Number(property)] = value;
        return true;
      },
    });
  }
}

/** A memory that lets `writes` writes through and kills its thread at the next one. */
export function dyingMemory(table: SharedArrayBuffer, writes: number): SteppedMemory {
  let left = writes;
  return new SteppedMemory(table, (access) => {
    if (access === 'read') return;
    if (left === 0) throw new Killed();
    left -= 1;
  });
}
