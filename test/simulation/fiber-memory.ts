import type { Numbers, TableMemory } from '../../src/count/table-memory.ts';
import { SharedTableMemory } from '../../src/count/table-memory.ts';
import type { Fiber } from './fiber.ts';
import type { WatchedTable } from './watched-table.ts';

/** One thread's memory of one table: every access may be the thread's last for now, and every write is looked at. */
export class FiberMemory implements TableMemory {
  readonly ints: Numbers;
  readonly floats: Numbers;
  readonly #fiber: Fiber;
  readonly #table: WatchedTable;
  readonly #real: SharedTableMemory;

  constructor(table: WatchedTable, fiber: Fiber) {
    this.#table = table;
    this.#fiber = fiber;
    this.#real = new SharedTableMemory(table.buffer);
    this.ints = this.#stepped(() => this.#real.ints);
    this.floats = this.#stepped(() => this.#real.floats);
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
    return this.#fiber.effect(() => this.#real.load(index), false);
  }

  store(index: number, value: number): void {
    this.#fiber.effect(() => {
      this.#table.beforeWrite(this.#fiber);
      this.#real.store(index, value);
      this.#table.afterStore(index);
      return undefined;
    }, true);
  }

  add(index: number, delta: number): number {
    return this.#fiber.effect(() => {
      if (delta !== 0) this.#table.beforeCount(this.#fiber, index);
      return this.#real.add(index, delta);
    }, delta !== 0);
  }

  swap(index: number, expected: number, replacement: number): boolean {
    return this.#fiber.effect(() => {
      this.#table.beforeCount(this.#fiber, index);
      return this.#real.swap(index, expected, replacement);
    }, true);
  }

  loadLease(): bigint {
    return this.#fiber.effect(() => this.#real.loadLease(), false);
  }

  swapLease(expected: bigint, replacement: bigint): boolean {
    return this.#fiber.effect(() => {
      const swapped = this.#real.swapLease(expected, replacement);
      if (swapped) this.#table.leaseChanged(this.#fiber);
      return swapped;
    }, true);
  }

  /** The wait is over at once: whoever was to be waited for has come before, or comes too late. */
  wait(index: number, value: number): boolean {
    return this.#fiber.effect(() => this.#real.load(index) !== value, false);
  }

  wake(): void {
    // Nobody sleeps.
  }

  nowMs(): number {
    return this.#fiber.effect(() => this.#table.nextMs(), false);
  }

  #stepped(numbers: () => Numbers): Numbers {
    const fiber = this.#fiber;
    const table = this.#table;
    return new Proxy<Numbers>([], {
      get(_, property) {
        if (fiber.replays) return fiber.answer();
        fiber.admit(false);
        return fiber.record(numbers()[property as unknown as number]);
      },
      set(_, property, value: number) {
        if (fiber.replays) {
          fiber.answer();
          return true;
        }
        fiber.admit(true);
        table.beforeWrite(fiber);
        numbers()[property as unknown as number] = value;
        fiber.record(undefined);
        return true;
      },
    });
  }
}
