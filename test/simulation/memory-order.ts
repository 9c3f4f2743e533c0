import type { Fiber } from './fiber.ts';

/** How much of the freedom of the processor is used. */
export interface Disorder {
  /** Whether a store that may become visible does so now. */
  readonly shows: (releases: boolean) => boolean;
  /** @returns which of the values that a load may return: 0, the oldest, to `count` - 1, the newest */
  readonly pick: (count: number, isAtomic: boolean) => number;
}

/** Drawn from a seed. */
export function randomDisorder(random: () => number): Disorder {
  return {
    shows: () => random() < 0.05,
    pick: (count) => (random() < 0.7 ? count - 1 : Math.floor(random() * count)),
  };
}

/** Atomic stores as late as they may be, plain ones at once, so that these overtake; atomic loads as early as they may be. */
export const overtakingDisorder: Disorder = {
  shows: (releases) => !releases,
  pick: (count, isAtomic) => (isAtomic ? 0 : count - 1),
};

interface Shown {
  showAll(fiber: Fiber): void;
}

/** What all tables of a world share: the time that orders what becomes visible, and what each thread has acquired. */
export class MemoryOrder {
  readonly disorder: Disorder;
  time = 0;
  readonly #memories: Shown[] = [];
  readonly #acquired = new Map<Fiber, number>();

  constructor(disorder: Disorder) {
    this.disorder = disorder;
  }

  add(memory: Shown): void {
    this.#memories.push(memory);
  }

  pass(): void {
    this.time += 1;
  }

  /** The thread's later loads return nothing that was overwritten before this time. */
  acquiredBy(fiber: Fiber): number {
    return this.#acquired.get(fiber) ?? 0;
  }

  acquire(fiber: Fiber, time: number): void {
    if (time > this.acquiredBy(fiber)) this.#acquired.set(fiber, time);
  }

  /** All that the thread has done is visible: it ends, or sends a message. */
  release(fiber: Fiber): void {
    for (const memory of this.#memories) memory.showAll(fiber);
  }

  /** The thread starts, or knows that another one has ended. */
  synchronize(fiber: Fiber): void {
    this.acquire(fiber, this.time);
  }
}
