import { entry, entryInts, slot, slotInts, type Slots } from './layout.ts';
import type { TableMemory } from './table-memory.ts';

/**
 * When and how fast the slots of a table are copied to twice as many. Loads are shares of used
 * slots.
 */
export interface GrowthPace {
  /** Tables with fewer than 2^`fromLog2` slots grow within one step. */
  readonly fromLog2: number;
  /** The copy begins at this load. */
  readonly fromLoad: number;
  /** The copy is complete at this load. Between it and `loadMax`, another owner can copy again. */
  readonly untilLoad: number;
  /** Number of slots that each step copies at least. */
  readonly slotsPerStep: number;
}

/** About four old slots are copied per new word. */
export const usualPace: GrowthPace = { fromLog2: 16, fromLoad: 0.5, untilLoad: 0.74, slotsPerStep: 4096 };

/** A step of the table that has just been applied. */
interface AppliedStep {
  readonly journalAt: number;
  readonly entries: number;
  readonly newWords: number;
}

/** New slots are cleared in runs of about a kibibyte, just before the first word is put there. */
const clearedSlots = 64;

/**
 * Copies the slots of a table to twice as many over several steps. The table records only where the
 * new slots are. No other thread reads them, and how far they are filled is known to this thread
 * alone: until the step that makes them the slots of the table, they may have any contents. So a
 * thread that ends leaves nothing to recover, and another owner begins the copy again.
 *
 * The words whose search in the old slots starts before slot `copied` are in the new slots, with
 * the counts of the last step.
 */
export class GradualGrowth {
  readonly pace: GrowthPace;
  #epoch = -1;
  #from: Slots = { at: 0, log2: 0 };
  #to: NewSlots = { at: 0, log2: 0, cleared: 0 };
  #copied = 0;

  constructor(pace: GrowthPace) {
    this.pace = pace;
  }

  /**
   * Continues the copy, or begins it again when another lease or other slots were in use since.
   * @param epoch - of the lease under which this step runs
   * @returns true when the copy is complete
   */
  enter(epoch: number, from: Slots, to: Slots): boolean {
    if (epoch !== this.#epoch || from.at !== this.#from.at || to.at !== this.#to.at) {
      this.#epoch = epoch;
      this.#from = from;
      this.#to = { ...to, cleared: 0 };
      this.#copied = 0;
    }
    return this.#copied === 2 ** from.log2;
  }

  /** Forgets the copy: its memory may have other contents. */
  drop(): void {
    this.#epoch = -1;
  }

  /** Adds the images of an applied journal to the new slots, and copies the next old slots. */
  follow(memory: TableMemory, { journalAt, entries, newWords }: AppliedStep, distinctWords: number): void {
    this.#addImages(memory, journalAt, journalAt + entries * entryInts);
    const { slotsPerStep, untilLoad } = this.pace;
    const size = 2 ** this.#from.log2;
    const wordsLeft = size * untilLoad - distinctWords;
    const share = wordsLeft > 0 ? newWords / (wordsLeft + newWords) : 1;
    this.copy(memory, Math.max(slotsPerStep, Math.ceil((size - this.#copied) * share)));
  }

  /** Copies the words of the next `count` old slots, or of all that are left. */
  copy(memory: TableMemory, count: number): void {
    const from = this.#from;
    const size = 2 ** from.log2;
    const end = Math.min(this.#copied + count, size);
    copySlots(memory, from, this.#to, this.#copied, end);
    this.#copied = end;
    if (end === size) clearTo(memory, this.#to, 2 * size);
  }

  #addImages(memory: TableMemory, journalAt: number, end: number): void {
    const { ints, floats } = memory;
    const shift = 32 - this.#from.log2;
    const copied = this.#copied;
    for (let at = journalAt; at < end; at += entryInts) {
      const hash = ints[at + entry.hash] ?? 0;
      if (hash >>> shift >= copied) continue;
      const keyRef = ints[at + entry.keyRef] ?? 0;
      const slotAt = place(memory, this.#to, hash, keyRef);
      ints[slotAt + slot.hash] = hash;
      ints[slotAt + slot.keyRef] = keyRef;
      floats[(slotAt + slot.count) >> 1] = floats[(at + entry.count) >> 1] ?? 0;
    }
  }
}

/**
 * Fills more slots, in memory with any contents, with all words of the old ones.
 * @param to - as many slots as `from`, or more
 */
export function fillSlots(memory: TableMemory, from: Slots, to: Slots): void {
  const filled = { ...to, cleared: 0 };
  copySlots(memory, from, filled, 0, 2 ** from.log2);
  clearTo(memory, filled, 2 ** to.log2);
}

/** Slots that are being filled; those from number `cleared` on have any contents. */
interface NewSlots extends Slots {
  cleared: number;
}

/**
 * Copies the words whose search starts at slots `first` to `end` - 1. They are between there and
 * the first empty slot from `end` on, which may be after the turn to the first slot. Slots are
 * ordered by the top bits of hashes, so both memories are accessed almost sequentially.
 */
function copySlots(memory: TableMemory, from: Slots, to: NewSlots, first: number, end: number): void {
  const { ints, floats } = memory;
  const size = 2 ** from.log2;
  for (let number = first; ; number += 1) {
    const turned = number >= size;
    const slotNumber = turned ? number - size : number;
    const oldAt = from.at + slotNumber * slotInts;
    const keyRef = ints[oldAt + slot.keyRef] ?? 0;
    if (keyRef === 0) {
      if (number >= end) return;
      continue;
    }
    const hash = ints[oldAt + slot.hash] ?? 0;
    const home = hash >>> (32 - from.log2);
    // A word before its home was placed there after the turn.
    if (home < first || home >= end || home > slotNumber !== turned) continue;
    const slotAt = place(memory, to, hash, keyRef);
    ints[slotAt + slot.hash] = hash;
    ints[slotAt + slot.keyRef] = keyRef;
    floats[(slotAt + slot.count) >> 1] = floats[(oldAt + slot.count) >> 1] ?? 0;
  }
}

/** @returns the position of the slot of this key; of an empty slot when it has none */
function place(memory: TableMemory, to: NewSlots, hash: number, keyRef: number): number {
  const { ints } = memory;
  const mask = (1 << to.log2) - 1;
  for (let number = hash >>> (32 - to.log2); ; number = (number + 1) & mask) {
    if (number >= to.cleared) clearTo(memory, to, Math.min(number + clearedSlots, mask + 1));
    const slotAt = to.at + number * slotInts;
    const found = ints[slotAt + slot.keyRef] ?? 0;
    if (found === 0 || found === keyRef) return slotAt;
  }
}

function clearTo({ floats }: TableMemory, to: NewSlots, end: number): void {
  const endAt = (to.at + end * slotInts) >> 1;
  for (let at = (to.at + to.cleared * slotInts) >> 1; at < endAt; at += 1) floats[at] = 0;
  to.cleared = end;
}
