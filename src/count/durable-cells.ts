import assert from 'node:assert';
import { cell, cellsBytesFor, fact, pair, pairPosition } from './durable-layout.ts';
import { KeyBits } from './key-bits.ts';
import type { TableFull } from './plan-batch.ts';
import { memoryOf, type CountTable, type TableMemory } from './table-memory.ts';

/**
 * One thread's access to the cells of a durable table. Only the owner of the table changes the sets
 * of changed words and the facts.
 *
 * Before and after every store, both sets together contain every word whose count differs from the
 * last completed commit. They may contain more: words of a step that was never sealed, and a word
 * twice when different owners noted it.
 */
export class DurableCells {
  readonly #memory: TableMemory;
  /**
   * The keys that this thread has added to the set that takes notes, and to the one in flight; valid
   * for `#generation`. A key of another thread is not among them: its step may not have been sealed,
   * and another word may have that position by now.
   */
  #noted = new KeyBits();
  #flying = new KeyBits();
  #generation = 0;
  /** Of the step in hand: the set that takes its notes, and the set's size with them. */
  #set = 0;
  #size = 0;

  constructor(cells: CountTable) {
    this.#memory = memoryOf(cells);
  }

  /** Number of pairs in flight. */
  get inFlight(): number {
    return this.#sizeOf(1 - this.#noting);
  }

  /** Number of pairs in both sets; 0 when the table equals the last completed commit. */
  get changed(): number {
    return this.#sizeOf(0) + this.#sizeOf(1);
  }

  /**
   * Makes room for the notes of a step, so that nothing fails after it.
   * @returns the reason when there is no room
   */
  beginNotes(words: number): TableFull | undefined {
    this.#memory.refresh();
    if (this.#memory.load(cell.generation) !== this.#generation) this.#startGeneration(0);
    this.#set = this.#noting;
    this.#size = this.#sizeOf(this.#set);
    return this.#reach(this.#size + words);
  }

  /** Notes a changed word, after `beginNotes`. */
  note(hash: number, keyRef: number): void {
    if (!this.#noted.add(keyRef)) return;
    this.#write(this.#set, this.#size, hash, keyRef);
    this.#size += 1;
  }

  /** Publishes the notes of a step, before the step is sealed. */
  endNotes(): void {
    this.#memory.store(cell.sizes + this.#set, this.#size);
  }

  /** Moves all noted words to those in flight, where those of a failed commit remain. */
  begin(): void {
    this.#memory.refresh();
    const set = this.#noting;
    if (this.inFlight > 0) {
      this.#join(set);
    } else {
      this.#startGeneration(1);
      this.#memory.store(cell.noting, 1 - set);
      [this.#noted, this.#flying] = [this.#flying, this.#noted];
    }
    this.#noted.clear();
  }

  /** The words in flight are committed. Their bits remain until the next `begin`, which has no use for them. */
  completed(): void {
    this.#startGeneration(1);
    this.#memory.store(cell.sizes + 1 - this.#noting, 0);
  }

  /** Memory of the sets, which nothing uses while they are empty. For the owner. */
  get unused(): Uint8Array {
    this.#memory.refresh();
    return this.#memory.bytes.subarray(this.changed === 0 ? pairPosition(0, 0) * 4 : Infinity);
  }

  /** Empties both sets: the table equals the changelog. */
  clear(): void {
    this.forgetKeys();
    this.#memory.store(cell.sizes, 0);
    this.#memory.store(cell.sizes + 1, 0);
  }

  /** Called before positions of keys are given to other words: threads note them again. */
  forgetKeys(): void {
    this.#startGeneration(1);
    this.#noted.clear();
    this.#flying.clear();
  }

  /** Calls `visit` with every pair in flight. */
  eachInFlight(visit: (hash: number, keyRef: number) => void): void {
    this.#memory.refresh();
    const { ints } = this.#memory;
    const set = 1 - this.#noting;
    for (let index = 0, size = this.#sizeOf(set); index < size; index += 1) {
      const at = pairPosition(set, index);
      visit(ints[at + pair.hash] ?? 0, ints[at + pair.keyRef] ?? 0);
    }
  }

  /** The table's nextOffset in the last completed commit. */
  get committedNextOffset(): number {
    return this.#fact(fact.committedNextOffset);
  }
  set committedNextOffset(value: number) {
    this.#memory.floats[fact.committedNextOffset] = value;
  }

  /** Offset of the first changelog record that the table does not contain. */
  get changelogOffset(): number {
    return this.#fact(fact.changelogOffset);
  }
  set changelogOffset(value: number) {
    this.#memory.floats[fact.changelogOffset] = value;
  }

  /** Writer, number and nextOffset of the commit in flight; 0 without one. */
  get flightWriter(): number {
    return this.#fact(fact.flightWriter);
  }
  set flightWriter(value: number) {
    this.#memory.floats[fact.flightWriter] = value;
  }

  get flightCommit(): number {
    return this.#fact(fact.flightCommit);
  }
  set flightCommit(value: number) {
    this.#memory.floats[fact.flightCommit] = value;
  }

  get flightNextOffset(): number {
    return this.#fact(fact.flightNextOffset);
  }
  set flightNextOffset(value: number) {
    this.#memory.floats[fact.flightNextOffset] = value;
  }

  /** True while a restore from the start is incomplete: the table's contents are not valid. */
  get restoring(): boolean {
    return this.#memory.load(cell.restoring) !== 0;
  }
  set restoring(value: boolean) {
    this.#memory.store(cell.restoring, value ? 1 : 0);
  }

  /** The last request of a member for the table. A grant of the same number answers it. */
  get request(): number {
    return this.#memory.load(cell.request);
  }
  set request(value: number) {
    this.#memory.store(cell.request, value);
  }

  /** Requests the table unless another request is open. @returns whether it did */
  requestFirst(request: number): boolean {
    return this.#memory.swap(cell.request, 0, request);
  }

  get grant(): number {
    return this.#memory.load(cell.grant);
  }
  set grant(value: number) {
    this.#memory.store(cell.grant, value);
  }

  /**
   * Takes back a request and its grant. A later request of another member stays. The request goes
   * first: the changelog thread grants, and then looks at the request again.
   */
  dropRequest(request: number): void {
    this.#memory.swap(cell.request, request, 0);
    this.#memory.swap(cell.grant, request, 0);
  }

  get #noting(): number {
    return this.#memory.load(cell.noting);
  }

  #sizeOf(set: number): number {
    return this.#memory.load(cell.sizes + set);
  }

  #fact(index: number): number {
    return this.#memory.floats[index] ?? 0;
  }

  #write(set: number, index: number, hash: number, keyRef: number): void {
    const { ints } = this.#memory;
    const at = pairPosition(set, index);
    ints[at + pair.hash] = hash;
    ints[at + pair.keyRef] = keyRef;
  }

  /** Adds the pairs of `set` to those in flight before it takes them from `set`. */
  #join(set: number): void {
    const size = this.#sizeOf(set);
    let flight = this.inFlight;
    assert(this.#reach(flight + size) === undefined, 'no room for the changed words of two commits');
    this.#startGeneration(1);
    const { ints } = this.#memory;
    for (let index = 0; index < size; index += 1) {
      const at = pairPosition(set, index);
      const keyRef = ints[at + pair.keyRef] ?? 0;
      if (this.#flying.has(keyRef)) continue;
      this.#write(1 - set, flight++, ints[at + pair.hash] ?? 0, keyRef);
    }
    this.#memory.store(cell.sizes + 1 - set, flight);
    this.#memory.store(cell.sizes + set, 0);
    this.#flying.addAll(this.#noted);
  }

  /**
   * Begins the next generation (`step` 1) or enters the current one (0). If another thread has
   * changed the sets, the bits of this one are not valid.
   */
  #startGeneration(step: number): void {
    const before = this.#memory.add(cell.generation, step);
    if (before !== this.#generation) {
      this.#noted.clear();
      this.#flying.clear();
    }
    this.#generation = (before + step) | 0;
  }

  #reach(pairs: number): TableFull | undefined {
    const neededBytes = cellsBytesFor(pairs);
    const { limitBytes } = this.#memory;
    if (neededBytes <= limitBytes && this.#memory.growTo(neededBytes)) return undefined;
    return { type: 'full', neededBytes, limitBytes };
  }
}
