import { largest } from '../../src/statistics/extremes.ts';
import type { SharedTableMemory } from '../../src/count/table-memory.ts';
import type { Disorder, MemoryOrder } from './memory-order.ts';
import type { Fiber } from './fiber.ts';

/** A store that its own thread sees and the others do not see yet. */
interface PendingStore {
  /** Int32 index of the first of `values`. */
  readonly at: number;
  /** One or two words, which become visible together. */
  readonly values: readonly number[];
  /** Atomic: everything that its thread did before becomes visible first. What came later may overtake it. */
  readonly releases: boolean;
  /** The second half of a read-modify-write: no other write of the word may come between its halves. */
  readonly modifies: boolean;
  readonly onVisible: (() => void) | undefined;
}

interface ThreadView {
  /** In program order. */
  readonly pending: PendingStore[];
  /** By word: since when the value was visible that this thread has read last. It never reads an older one. */
  readonly seen: Map<number, number>;
}

interface Version {
  readonly sinceTime: number;
  readonly value: number;
}

/** Stores of a thread that are pending at most. */
const pendingMax = 48;
/** Values of a word that a slow thread may still read. */
const versionsMax = 6;

/**
 * The memory of one table as threads see it on arm64, of which x86 allows a part. Plain stores wait in a buffer per thread
 * and become visible in any order that keeps each word's own; a load may return any value that was visible since its
 * thread's last acquire. An atomic load acquires, an atomic store releases, and a load waits for atomic stores before it.
 * A read-modify-write is an exclusive load and an exclusive store, as without LSE: later plain stores may overtake its
 * second half. Not modelled: a store that becomes visible before an earlier load of its thread.
 */
export class WeakMemory {
  readonly #real: SharedTableMemory;
  readonly #order: MemoryOrder;
  readonly #views = new Map<Fiber, ThreadView>();
  readonly #versions = new Map<number, Version[]>();

  constructor(real: SharedTableMemory, order: MemoryOrder) {
    this.#real = real;
    this.#order = order;
    order.add(this);
  }

  /** @param words - 1 or 2 from `at` on. @returns their values */
  load(fiber: Fiber, at: number, words: number, isAtomic: boolean): number[] {
    this.#stir();
    this.#real.refresh();
    const view = this.#viewOf(fiber);
    if (isAtomic && this.#showReleases(view)) this.#order.acquire(fiber, this.#order.time);
    const indices = words === 1 ? [at] : [at, at + 1];
    const acquired = this.#order.acquiredBy(fiber);
    const floor = largest([acquired, ...indices.map((word) => view.seen.get(word) ?? 0)]);
    const newer = indices.flatMap((word) =>
      (this.#versions.get(word) ?? []).filter(({ sinceTime }) => sinceTime > floor).map(({ sinceTime }) => sinceTime),
    );
    const times = [floor, ...new Set(newer)].sort((left, right) => left - right);
    const time = times[times.length === 1 ? 0 : this.#disorder.pick(times.length, isAtomic)] ?? floor;
    if (time > acquired) for (const word of indices) view.seen.set(word, time);
    if (isAtomic) this.#order.acquire(fiber, time);
    return indices.map((word) => ownValue(view, word) ?? this.#valueAt(word, time));
  }

  store(fiber: Fiber, at: number, values: readonly number[], isAtomic: boolean, onVisible?: () => void): void {
    this.#push(fiber, { at, values, releases: isAtomic, modifies: false, onVisible });
  }

  /**
   * @param change - of the newest value
   * @returns the value before
   */
  modify(fiber: Fiber, at: number, change: (before: number) => number): number {
    this.#stir();
    const view = this.#viewOf(fiber);
    this.#showReleases(view);
    this.#showUpTo(
      view,
      view.pending.findLastIndex((store) => covers(store, at)),
    );
    this.#settle(at, view);
    const before = this.#real.ints[at] ?? 0;
    this.#order.acquire(fiber, this.#versions.get(at)?.at(-1)?.sinceTime ?? 0);
    const after = change(before);
    if (after !== before)
      this.#push(fiber, { at, values: [after], releases: true, modifies: true, onVisible: undefined });
    return before;
  }

  /** As `modify`, of something that the simulation itself follows: done and visible at once. */
  modifyAtOnce(fiber: Fiber, at: number, words: number, perform: () => void): void {
    this.showAll(fiber);
    const indices = words === 1 ? [at] : [at, at + 1];
    for (const word of indices) this.#rememberBefore(word);
    this.#order.pass();
    perform();
    for (const word of indices) this.#remember(word);
    this.#order.acquire(fiber, this.#order.time);
  }

  /** All stores of the thread become visible: it ends, or sends a message. */
  showAll(fiber: Fiber): void {
    const view = this.#views.get(fiber);
    if (view !== undefined) this.#showUpTo(view, view.pending.length - 1);
  }

  /** Lets stores of any thread become visible, where their order allows it. */
  #stir(): void {
    for (const view of this.#views.values()) {
      for (let index = 0; index < view.pending.length; index += 1) {
        const store = view.pending[index];
        if (store === undefined || !mayShow(view, index) || !this.#disorder.shows(store.releases)) continue;
        this.#show(view, index);
        index -= 1;
      }
    }
  }

  get #disorder(): Disorder {
    return this.#order.disorder;
  }

  #viewOf(fiber: Fiber): ThreadView {
    let view = this.#views.get(fiber);
    if (view === undefined) this.#views.set(fiber, (view = { pending: [], seen: new Map() }));
    return view;
  }

  #push(fiber: Fiber, store: PendingStore): void {
    const view = this.#viewOf(fiber);
    view.pending.push(store);
    if (view.pending.length > pendingMax) this.#show(view, 0);
    this.#stir();
  }

  /** An atomic load comes after the atomic stores before it. @returns whether there were any */
  #showReleases(view: ThreadView): boolean {
    const last = view.pending.findLastIndex(({ releases }) => releases);
    this.#showUpTo(view, last);
    return last !== -1;
  }

  #showUpTo(view: ThreadView, last: number): void {
    for (let shown = 0; shown <= last; shown += 1) this.#show(view, 0);
  }

  /** No write of `word` may fall between the halves of another thread's read-modify-write. */
  #settle(word: number, own: ThreadView): void {
    for (const view of this.#views.values()) {
      if (view === own) continue;
      this.#showUpTo(
        view,
        view.pending.findLastIndex((store) => store.modifies && covers(store, word)),
      );
    }
  }

  #show(view: ThreadView, index: number): void {
    const [store] = view.pending.splice(index, 1);
    if (store === undefined) return;
    // Its thread may have grown the table.
    this.#real.refresh();
    const words = store.values.map((_, offset) => store.at + offset);
    for (const word of words) this.#settle(word, view);
    for (const word of words) this.#rememberBefore(word);
    this.#order.pass();
    for (const [offset, word] of words.entries()) {
      this.#real.ints[word] = store.values[offset] ?? 0;
      this.#remember(word);
      // Its own thread never reads an older value.
      view.seen.set(word, this.#order.time);
    }
    store.onVisible?.();
  }

  #rememberBefore(word: number): void {
    if (!this.#versions.has(word)) this.#versions.set(word, [{ sinceTime: 0, value: this.#real.ints[word] ?? 0 }]);
  }

  #remember(word: number): void {
    const versions = this.#versions.get(word) ?? [];
    versions.push({ sinceTime: this.#order.time, value: this.#real.ints[word] ?? 0 });
    if (versions.length > versionsMax) versions.shift();
  }

  #valueAt(word: number, time: number): number {
    const versions = this.#versions.get(word);
    const version = versions?.findLast(({ sinceTime }) => sinceTime <= time) ?? versions?.[0];
    return version?.value ?? this.#real.ints[word] ?? 0;
  }
}

function covers({ at, values }: PendingStore, word: number): boolean {
  return word >= at && word < at + values.length;
}

function ownValue({ pending }: ThreadView, word: number): number | undefined {
  const store = pending.findLast((each) => covers(each, word));
  return store?.values[word - store.at];
}

/** In the order of each word's stores, and an atomic one after all that came before it. */
function mayShow({ pending }: ThreadView, index: number): boolean {
  const store = pending[index];
  if (store === undefined || store.releases) return index === 0;
  return !pending
    .slice(0, index)
    .some((before) => before.at < store.at + store.values.length && store.at < before.at + before.values.length);
}
