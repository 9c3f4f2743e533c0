import { slot, slotInts, type Slots } from './layout.ts';
import type { TableMemory } from './table-memory.ts';

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
