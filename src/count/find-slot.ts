import { sum } from './batch-sums.ts';
import { keysEqual } from './keys.ts';
import { slot, slotInts, type Slots } from './layout.ts';
import type { TableMemory } from './table-memory.ts';

/**
 * @param from - position of a sum in `arena`, whose word is in the slots
 * @returns the position of the word's slot
 */
export function findSum({ ints }: TableMemory, slots: Slots, arena: Int32Array, from: number): number {
  const mask = (1 << slots.log2) - 1;
  const hash = arena[from + sum.hash] ?? 0;
  for (let number = hash >>> (32 - slots.log2); ; number = (number + 1) & mask) {
    const slotAt = slots.at + number * slotInts;
    const keyRef = ints[slotAt + slot.keyRef] ?? 0;
    if (ints[slotAt + slot.hash] === hash && keysEqual(ints, keyRef, arena, from + sum.key)) return slotAt;
  }
}

/**
 * @param hash - of the word of the key; if the key was never published, the position may have another
 *   word by now, which is then found or not
 * @returns the position of the slot that has this key; undefined when no slot has it
 */
export function findKey({ ints }: TableMemory, slots: Slots, hash: number, keyRef: number): number | undefined {
  const mask = (1 << slots.log2) - 1;
  for (let number = hash >>> (32 - slots.log2); ; number = (number + 1) & mask) {
    const slotAt = slots.at + number * slotInts;
    const found = ints[slotAt + slot.keyRef] ?? 0;
    if (found === keyRef) return slotAt;
    if (found === 0) return undefined;
  }
}
