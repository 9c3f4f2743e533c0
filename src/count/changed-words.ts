import type { DurableCells } from './durable-cells.ts';
import { findKey } from './find-slot.ts';
import { keyInts } from './keys.ts';
import { block, blockAt, control, slot } from './layout.ts';
import { memoryOf, type CountTable, type TableMemory } from './table-memory.ts';

/** A row of a changed word: partition, keyStart, keyLength, valueStart, valueLength. */
export const wordRowNumbers = 5;
const valueBytes = 8;
const valueInts = valueBytes / 4;
/** A chunk's longest word decides over its size, because a record of it fits in. */
const usual = { rows: 1 << 16, ints: 1 << 19 } as const;

/** Reusable memory for one chunk of changed words: bytes of keys and values, and a row per word. */
export class WordRows {
  bytes: Uint8Array;
  readonly rows: Float64Array;
  ints: Int32Array;

  constructor({ rows, ints }: { readonly rows: number; readonly ints: number } = usual) {
    this.rows = new Float64Array(rows * wordRowNumbers);
    this.ints = new Int32Array(ints);
    this.bytes = new Uint8Array(this.ints.buffer);
  }

  reserve(ints: number): void {
    if (ints <= this.ints.length) return;
    this.ints = new Int32Array(ints);
    this.bytes = new Uint8Array(this.ints.buffer);
  }
}

/**
 * The words in flight of one table. `capture` reads their counts between two steps of the owner;
 * `write` returns them in chunks while the owner continues to count. A word that two owners have
 * noted is written twice with the same count, of which a changelog keeps one.
 */
export class ChangedWords {
  readonly #memory: TableMemory;
  readonly #cells: DurableCells;
  readonly #partition: number;
  #keyRefs = new Int32Array(0);
  #counts = new Float64Array(0);
  #captured = 0;
  #written = 0;

  constructor(partition: number, table: CountTable, cells: DurableCells) {
    this.#partition = partition;
    this.#memory = memoryOf(table);
    this.#cells = cells;
  }

  /** @returns the number of words, which `write` then returns from the first one on */
  capture(): number {
    const memory = this.#memory;
    const cells = this.#cells;
    memory.refresh();
    const { floats } = memory;
    const active = blockAt(memory.load(control.activeBlock));
    const slots = { at: floats[active + block.slotsAt] ?? 0, log2: floats[active + block.slotsLog2] ?? 0 };
    this.#reserve(cells.inFlight);
    const keyRefs = this.#keyRefs;
    const counts = this.#counts;
    let captured = 0;
    cells.eachInFlight((hash, keyRef) => {
      const slotAt = findKey(memory, slots, hash, keyRef);
      if (slotAt === undefined) return;
      keyRefs[captured] = keyRef;
      counts[captured] = floats[(slotAt + slot.count) >> 1] ?? 0;
      captured += 1;
    });
    this.#captured = captured;
    this.#written = 0;
    return captured;
  }

  /**
   * Replaces the contents of `target` by the next words.
   * @returns the number of its rows; 0 once all words were written
   */
  write(target: WordRows): number {
    const { ints } = this.#memory;
    const rowsMax = target.rows.length / wordRowNumbers;
    let row = 0;
    let end = 0;
    for (; this.#written < this.#captured && row < rowsMax; this.#written += 1) {
      const keyRef = this.#keyRefs[this.#written] ?? 0;
      const length = ints[keyRef] ?? 0;
      const keyEnd = end + keyInts(length) - 1;
      if (keyEnd + valueInts > target.ints.length) {
        if (row > 0) break;
        target.reserve(keyEnd + valueInts);
      }
      const { ints: to, rows } = target;
      for (let at = end, from = keyRef + 1; at < keyEnd; at += 1, from += 1) to[at] = ints[from] ?? 0;
      const count = this.#counts[this.#written] ?? 0;
      to[keyEnd] = swapBytes(Math.floor(count / 2 ** 32));
      to[keyEnd + 1] = swapBytes(count % 2 ** 32);
      const rowAt = row * wordRowNumbers;
      rows[rowAt] = this.#partition;
      rows[rowAt + 1] = end * 4;
      rows[rowAt + 2] = length;
      rows[rowAt + 3] = keyEnd * 4;
      rows[rowAt + 4] = valueBytes;
      row += 1;
      end = keyEnd + valueInts;
    }
    return row;
  }

  #reserve(words: number): void {
    const { length } = this.#keyRefs;
    if (words <= length && length <= Math.max(8 * words, 1 << 12)) return;
    const room = 2 ** Math.ceil(Math.log2(words + 1));
    this.#keyRefs = new Int32Array(room);
    this.#counts = new Float64Array(room);
  }
}

/** @returns the 32 bits in the other byte order */
function swapBytes(value: number): number {
  return ((value & 0xff) << 24) | ((value & 0xff00) << 8) | ((value >>> 8) & 0xff00) | ((value >>> 24) & 0xff);
}
