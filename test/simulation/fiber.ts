import assert from 'node:assert';

/** What ends a thread's code at an access that it may not make yet. */
export class Suspended extends Error {}

/** Made once: thousands are thrown in a second, and a stack each would be what the time goes into. */
const suspended = new Suspended();

type Value = number | bigint | boolean | undefined;

/**
 * A thread that can be stopped before any of its accesses to shared memory, although its code is an
 * ordinary synchronous function. An exception ends the code there. Later the code runs again from its
 * beginning, and a log answers everything that it had read and done. The code depends on nothing else,
 * so it reaches the same point and continues.
 */
export class Fiber {
  readonly name: string;
  /** Accesses made, over all of its life, those of them that wrote, and those that were atomic. */
  accesses = 0;
  atomics = 0;
  writes = 0;
  readonly #log: Value[] = [];
  #cursor = 0;
  #budget = 0;
  #atomicBudget = 0;

  constructor(name: string) {
    this.name = name;
  }

  /** True while an access is to be answered from the log: see `answer`. */
  get replays(): boolean {
    return this.#cursor < this.#log.length;
  }

  /** Accesses in the log before this point. */
  get position(): number {
    return this.#cursor;
  }

  answer(): Value {
    this.#cursor += 1;
    return this.#log[this.#cursor - 1];
  }

  /** To be called before each plain access that is really made. @throws Suspended when the thread may not go on */
  admit(writes: boolean): void {
    if (this.#budget <= 0 || this.#atomicBudget < 0) throw suspended;
    this.#budget -= 1;
    this.accesses += 1;
    if (writes) this.writes += 1;
  }

  record<Result extends Value>(value: Result): Result {
    this.#log.push(value);
    this.#cursor += 1;
    return value;
  }

  /** An atomic access, a message: something done once that others see, or an answer that others may change. */
  effect<Result extends Value>(perform: () => Result, writes: boolean): Result {
    if (this.replays) return this.answer() as Result;
    // Below 0 it stays: what cleans up after the exception may not go on either.
    if (this.#atomicBudget <= 0) this.#atomicBudget = -1;
    this.admit(writes);
    this.#atomicBudget -= 1;
    this.atomics += 1;
    return this.record(perform());
  }

  /** The code is about to be run again from its beginning. */
  rewind(): void {
    this.#cursor = 0;
  }

  /** The code's beginning is now: what lies before is never run again. */
  forget(): void {
    this.#log.length = 0;
    this.#cursor = 0;
  }

  /**
   * Runs the code for `budget` new accesses, of which `atomicBudget` are atomic.
   * @returns false when it was suspended
   */
  run(code: () => void, budget: number, atomicBudget = Infinity): boolean {
    this.#budget = budget;
    this.#atomicBudget = atomicBudget;
    try {
      code();
      assert(!this.replays, 'a thread did something else than the first time');
      return true;
    } catch (error) {
      if (error === suspended) return false;
      throw error;
    }
  }
}
