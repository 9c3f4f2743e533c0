import assert from 'node:assert';
import { roomFor, scanWords, type Sums } from './scan-words.ts';
import { byteClasses, type Tokenizer } from './word-classes.ts';

/** Where a row keeps what counting needs; a row is `stride` numbers. A length below 0 is a null value. */
export interface RowFields {
  readonly stride: number;
  /** Index within the row of the value's first byte in the values' buffer. */
  readonly start: number;
  /** Index within the row of the value's length in bytes. */
  readonly length: number;
}

const slotsLog2First = 12;
const arenaIntsFirst = 1 << 14;
/** Half full at most: batches are small, and the slots are looked at once a word. */
const loadMax = 0.5;
const generationMax = 2 ** 30;

/** The words of one run of records of one partition, summed in memory of this thread: what TableWriter.apply takes. */
export class BatchSums {
  /** Records added, null ones included. */
  records = 0;
  nullRecords = 0;
  /** Bytes of the values added. */
  bytes = 0;
  readonly #sums: Sums;

  constructor({ tokenizer }: { readonly tokenizer: Tokenizer }) {
    const arena = new Int32Array(arenaIntsFirst);
    this.#sums = {
      classes: byteClasses(tokenizer),
      slots: new Int32Array(2 << slotsLog2First),
      slotsLog2: slotsLog2First,
      generation: 1,
      arena,
      arenaBytes: new Uint8Array(arena.buffer),
      arenaEnd: 0,
      distinct: 0,
      distinctMax: loadMax * 2 ** slotsLog2First,
      words: 0,
      wordBytes: 0,
    };
  }

  get words(): number {
    return this.#sums.words;
  }

  get distinct(): number {
    return this.#sums.distinct;
  }

  /** The sums one after the other, to `arenaEnd`: see scan-words.ts. Replaced when more are added. */
  get arena(): Int32Array {
    return this.#sums.arena;
  }

  get arenaEnd(): number {
    return this.#sums.arenaEnd;
  }

  /** Places that all keys take in a table. */
  get keysInts(): number {
    return this.#sums.arenaEnd - 2 * this.#sums.distinct;
  }

  reset(): void {
    const sums = this.#sums;
    sums.generation += sums.arenaEnd;
    if (sums.generation > generationMax) {
      sums.slots.fill(0);
      sums.generation = 1;
    }
    sums.arenaEnd = 0;
    sums.distinct = 0;
    sums.words = 0;
    this.records = 0;
    this.nullRecords = 0;
    this.bytes = 0;
  }

  /** Adds the value `bytes[start..end)`; it may be empty. */
  addRecord(bytes: Uint8Array, start: number, end: number): void {
    assert(start >= 0 && start <= end && end <= bytes.length);
    this.records += 1;
    this.bytes += end - start;
    const sums = this.#sums;
    for (let index = scanWords(sums, bytes, start, end); index < end; index = scanWords(sums, bytes, index, end)) {
      makeRoom(sums, end - index);
    }
  }

  addNullRecord(): void {
    this.records += 1;
    this.nullRecords += 1;
  }

  /** Adds the records of rows `from` to `to` - 1. */
  addRows(values: Uint8Array, rows: Float64Array, from: number, to: number, fields: RowFields): void {
    assert(to * fields.stride <= rows.length);
    for (let row = from * fields.stride; row < to * fields.stride; row += fields.stride) {
      const start = rows[row + fields.start] ?? 0;
      const length = rows[row + fields.length] ?? -1;
      if (length < 0) this.addNullRecord();
      else this.addRecord(values, start, start + length);
    }
  }
}

/** Makes the sums ready for a word of at most `lengthBytes`. */
function makeRoom(sums: Sums, lengthBytes: number): void {
  if (sums.distinct >= sums.distinctMax) growSlots(sums);
  const needed = sums.arenaEnd + roomFor(lengthBytes);
  if (needed <= sums.arena.length) return;
  const arena = new Int32Array(Math.max(needed, 2 * sums.arena.length));
  arena.set(sums.arena.subarray(0, sums.arenaEnd));
  sums.arena = arena;
  sums.arenaBytes = new Uint8Array(arena.buffer);
}

function growSlots(sums: Sums): void {
  const { slots, generation } = sums;
  sums.slotsLog2 += 1;
  sums.distinctMax = loadMax * 2 ** sums.slotsLog2;
  sums.slots = new Int32Array(2 << sums.slotsLog2);
  const mask = (1 << sums.slotsLog2) - 1;
  for (let pair = 0; pair < slots.length; pair += 2) {
    const hash = slots[pair] ?? 0;
    const place = slots[pair + 1] ?? 0;
    if (place < generation) continue;
    let number = hash >>> (32 - sums.slotsLog2);
    while (sums.slots[2 * number + 1] !== 0) number = (number + 1) & mask;
    sums.slots[2 * number] = hash;
    sums.slots[2 * number + 1] = place;
  }
}
