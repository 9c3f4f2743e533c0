import type { Numbers } from './table-memory.ts';

/** A key is {length in bytes, the bytes, padded with zeros to 4}; no word contains a zero byte. */
export function keyInts(lengthBytes: number): number {
  return 1 + ((lengthBytes + 3) >> 2);
}

/**
 * True when both keys are equal; the arrays may differ. Pads are zero, so whole ints are compared.
 */
export function keysEqual(left: Numbers, leftAt: number, right: Numbers, rightAt: number): boolean {
  const length = left[leftAt] ?? 0;
  if (right[rightAt] !== length) return false;
  const places = keyInts(length);
  for (let index = 1; index < places; index += 1) {
    if (left[leftAt + index] !== right[rightAt + index]) return false;
  }
  return true;
}

/** @returns the word of the key at position `keyRef` */
export function wordAt(bytes: Buffer, keyRef: number): string {
  const length = bytes.readInt32LE(keyRef * 4);
  const start = (keyRef + 1) * 4;
  return bytes.toString('utf8', start, start + length);
}
