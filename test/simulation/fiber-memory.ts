import type { Numbers, TableMemory } from '../../src/count/table-memory.ts';
import { control } from '../../src/count/layout.ts';
import { SharedTableMemory } from '../../src/count/table-memory.ts';
import type { Fiber } from './fiber.ts';
import type { WatchedTable } from './watched-table.ts';
import type { WeakMemory } from './weak-memory.ts';

const scratch = new Float64Array(1);
const scratchInts = new Int32Array(scratch.buffer);

/** One thread's memory of one table: every access may be the thread's last for now, and every write is looked at. */
export class FiberMemory implements TableMemory {
  readonly ints: Numbers;
  readonly floats: Numbers;
  readonly #fiber: Fiber;
  readonly #table: WatchedTable;
  readonly #real: SharedTableMemory;
  /** Undefined where all threads see all stores at once, in their order. */
  readonly #weak: WeakMemory | undefined;

  constructor(table: WatchedTable, fiber: Fiber) {
    this.#table = table;
    this.#fiber = fiber;
    this.#weak = table.weak;
    this.#real = new SharedTableMemory(table.buffer);
    this.ints = this.#stepped({
      get: (index) => this.#loadWord(index, false),
      set: (index, value) => {
        if (this.#weak === undefined) this.#real.ints[index] = value;
        else this.#weak.store(this.#fiber, index, [value | 0], false);
      },
    });
    this.floats = this.#stepped({
      get: (index) => this.#loadFloat(index),
      set: (index, value) => {
        if (this.#weak === undefined) this.#real.floats[index] = value;
        else {
          scratch[0] = value;
          this.#weak.store(this.#fiber, index * 2, [...scratchInts], false);
        }
      },
    });
  }

  get bytes(): Buffer {
    return this.#real.bytes;
  }

  get limitBytes(): number {
    return this.#real.limitBytes;
  }

  refresh(): void {
    if (!this.#fiber.replays) this.#real.refresh();
  }

  growTo(sizeBytes: number): boolean {
    return this.#fiber.effect(() => this.#real.growTo(sizeBytes), true);
  }

  load(index: number): number {
    return this.#fiber.effect(() => this.#loadWord(index, true) ?? 0, false);
  }

  store(index: number, value: number): void {
    this.#fiber.effect(() => {
      this.#table.beforeWrite(this.#fiber);
      const onVisible = (): void => {
        this.#table.afterStore(index);
      };
      if (this.#weak === undefined) {
        this.#real.store(index, value);
        onVisible();
      } else this.#weak.store(this.#fiber, index, [value], true, onVisible);
      return undefined;
    }, true);
  }

  add(index: number, delta: number): number {
    return this.#fiber.effect(() => {
      if (delta !== 0) this.#table.beforeCount(this.#fiber, index);
      return this.#weak?.modify(this.#fiber, index, (before) => (before + delta) | 0) ?? this.#real.add(index, delta);
    }, delta !== 0);
  }

  swap(index: number, expected: number, replacement: number): boolean {
    return this.#fiber.effect(() => {
      this.#table.beforeCount(this.#fiber, index);
      if (this.#weak === undefined) return this.#real.swap(index, expected, replacement);
      const change = (before: number): number => (before === expected ? replacement : before);
      return this.#weak.modify(this.#fiber, index, change) === expected;
    }, true);
  }

  loadLease(): bigint {
    return this.#fiber.effect(() => {
      if (this.#weak === undefined) return this.#real.loadLease();
      const [low = 0, high = 0] = this.#weak.load(this.#fiber, control.lease, 2, true);
      return (BigInt(high) << 32n) | BigInt(low >>> 0);
    }, false);
  }

  swapLease(expected: bigint, replacement: bigint): boolean {
    return this.#fiber.effect(() => {
      let swapped = false;
      const perform = (): void => {
        swapped = this.#real.swapLease(expected, replacement);
        if (swapped) this.#table.leaseChanged(this.#fiber);
      };
      if (this.#weak === undefined) perform();
      else this.#weak.modifyAtOnce(this.#fiber, control.lease, 2, perform);
      return swapped;
    }, true);
  }

  /** The wait is over at once: the other thread has come before, or comes too late. */
  wait(index: number, value: number): boolean {
    return this.#fiber.effect(() => this.#loadWord(index, true) !== value, false);
  }

  wake(): void {
    // No thread sleeps.
  }

  nowMs(): number {
    return this.#fiber.effect(() => this.#table.nextMs(), false);
  }

  #loadWord(index: number, isAtomic: boolean): number | undefined {
    if (this.#weak === undefined) return isAtomic ? this.#real.load(index) : this.#real.ints[index];
    return index < this.#real.ints.length ? this.#weak.load(this.#fiber, index, 1, isAtomic)[0] : undefined;
  }

  #loadFloat(index: number): number | undefined {
    if (this.#weak === undefined) return this.#real.floats[index];
    if (index >= this.#real.floats.length) return undefined;
    scratchInts.set(this.#weak.load(this.#fiber, index * 2, 2, false));
    return scratch[0];
  }

  #stepped(access: {
    readonly get: (index: number) => number | undefined;
    readonly set: (index: number, value: number) => void;
  }): Numbers {
    const fiber = this.#fiber;
    const table = this.#table;
    return new Proxy<Numbers>([], {
      get(_, property) {
        if (fiber.replays) return fiber.answer();
        fiber.admit(false);
        return fiber.record(access.get(Number(property)));
      },
      set(_, property, value: number) {
        if (fiber.replays) {
          fiber.answer();
          return true;
        }
        fiber.admit(true);
        table.beforeWrite(fiber);
        access.set(Number(property), value);
        fiber.record(undefined);
        return true;
      },
    });
  }
}
