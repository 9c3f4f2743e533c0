import assert from 'node:assert';
import { keyInts } from './keys.ts';
import { block, extents } from './layout.ts';
import type { Numbers } from './table-memory.ts';

interface Extent {
  at: number;
  readonly end: number;
}

/**
 * Allocates memory for the new keys of one batch: in the free extents that the active block lists,
 * or, unless one of them is certain to hold all keys, in a chunk beyond `memoryEnd`. Only `save`
 * changes the table, so a dropped batch allocates nothing.
 */
export class FreeMemory {
  readonly #memoryEnd: number;
  readonly #extents: Extent[] = [];
  readonly #chunk: Extent;
  #reservedEnd = 0;
  readonly #freed: Extent[] = [];

  /**
   * @param active - Float64 index of the active block
   * @param keysInts - ints that the keys take if every word of the batch is new
   * @param limitInts - size limit of the table in ints
   */
  constructor(floats: Numbers, active: number, keysInts: number, limitInts: number) {
    for (let index = 0; index < extents; index += 1) {
      const at = active + block.extents + 2 * index;
      this.#extents.push({ at: floats[at] ?? 0, end: floats[at + 1] ?? 0 });
    }
    this.#memoryEnd = floats[active + block.memoryEnd] ?? 0;
    const roomy = this.#extents.some(({ at, end }) => end - at >= keysInts);
    // A quarter of the size of the slots: with keys of 4 to 12 bytes, a new chunk is then needed
    // once or twice between two growths.
    // Near the limit, half of the rest is left for the journal, which lies behind the keys.
    const comfortableInts = Math.min(2 ** (floats[active + block.slotsLog2] ?? 0), (limitInts - this.#memoryEnd) >> 1);
    const chunkInts = roomy ? 0 : Math.max(keysInts, comfortableInts);
    this.#chunk = { at: this.#memoryEnd, end: this.#memoryEnd + chunkInts };
    this.#extents.push(this.#chunk);
  }

  /** First int beyond all keys, on a separate cache line. */
  get tailAt(): number {
    return alignLine(this.#chunk.end);
  }

  /** Reserves everything up to `end`, which is beyond `tailAt`, permanently. */
  reserveTo(end: number): void {
    this.#reservedEnd = end;
  }

  /**
   * Copies a key into free memory.
   * @param keys - array that holds the key, in the layout of a key, at `from`
   * @returns the key's position
   */
  placeKey(ints: Numbers, keys: Int32Array, from: number): number {
    const length = keyInts(keys[from] ?? 0);
    for (const extent of this.#extents) {
      const { at } = extent;
      if (extent.end - at < length) continue;
      for (let index = 0; index < length; index += 1) ints[at + index] = keys[from + index] ?? 0;
      extent.at += length;
      return at;
    }
    throw new assert.AssertionError({ message: 'the chunk holds all keys' });
  }

  /** Marks [`at`, `end`) as free after this batch: the next one may use it. */
  giveBack(at: number, end: number): void {
    this.#freed.push({ at, end });
  }

  /** Writes the extents that are free after this batch to the next block. */
  save(floats: Numbers, next: number): void {
    const chunkTaken = this.#reservedEnd > 0 || this.#chunk.at > this.#memoryEnd;
    if (!chunkTaken) this.#extents.pop();
    const chunkEnd = chunkTaken ? this.#chunk.end : this.#memoryEnd;
    floats[next + block.memoryEnd] = alignLine(Math.max(chunkEnd, this.#reservedEnd));

    for (const extent of this.#freed) this.#extents.push(extent);
    this.#extents.sort((left, right) => right.end - right.at - (left.end - left.at));
    for (let index = 0; index < extents; index += 1) {
      const { at, end } = this.#extents[index] ?? { at: 0, end: 0 };
      floats[next + block.extents + 2 * index] = at;
      floats[next + block.extents + 2 * index + 1] = end;
    }
  }
}

function alignLine(place: number): number {
  return Math.ceil(place / 16) * 16;
}
