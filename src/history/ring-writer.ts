import { nowMs } from '../time/clock.ts';
import { ringControl, rowBytes, rowFloat, RingMemory, rowInt } from './ring-layout.ts';
import { rowTypes, type Row } from './ring-row.ts';

/**
 * The member's side of its ring. It never waits: a row that finds the ring full is dropped and
 * counted.
 */
export class RingWriter {
  readonly #memory: RingMemory;
  readonly #tickets: BigInt64Array;
  #head: number;
  #ticket = 0;

  constructor(ring: SharedArrayBuffer, tickets: SharedArrayBuffer) {
    this.#memory = new RingMemory(ring);
    this.#tickets = new BigInt64Array(tickets);
    this.#head = Atomics.load(this.#memory.control, ringControl.head);
  }

  /**
   * Takes the ticket of a row that `end` writes. Call it while no other thread can change what the
   * row will describe.
   * @returns 0 when the ring is full; `end` then does nothing
   */
  begin(): number {
    const { control: words, rows } = this.#memory;
    if (((this.#head - Atomics.load(words, ringControl.tail)) | 0) >= rows) {
      Atomics.add(words, ringControl.dropped, 1);
      return (this.#ticket = 0);
    }
    // Set before the ticket is taken, or the reader could treat this ticket as given up.
    Atomics.store(words, ringControl.writing, 1);
    return (this.#ticket = Number(Atomics.add(this.#tickets, 0, 1n)));
  }

  /** Publishes the row. With `undefined` the ticket is given up. */
  end(row: Row | undefined): void {
    if (this.#ticket === 0) return;
    const { control: words } = this.#memory;
    if (row !== undefined) {
      this.#write(row);
      this.#head = (this.#head + 1) | 0;
      Atomics.store(words, ringControl.head, this.#head);
    }
    Atomics.store(words, ringControl.writing, 0);
    this.#ticket = 0;
  }

  write(row: Row): void {
    this.begin();
    this.end(row);
  }

  #write(row: Row): void {
    const { floats, ints, rows } = this.#memory;
    const number = this.#head & (rows - 1);
    const float = (number * rowBytes) / 8;
    const int = (number * rowBytes) / 4;
    floats[float + rowFloat.ticket] = this.#ticket;
    floats[float + rowFloat.atMs] = nowMs();
    floats[float + rowFloat.firstOffset] = row.firstOffset;
    floats[float + rowFloat.lastOffset] = row.lastOffset;
    ints[int + rowInt.type] = rowTypes.indexOf(row.type);
    ints[int + rowInt.partition] = row.partition;
    ints[int + rowInt.epoch] = row.epoch;
    ints[int + rowInt.records] = row.records;
    ints[int + rowInt.words] = row.words;
    ints[int + rowInt.digestLow] = row.digestLow;
    ints[int + rowInt.digestHigh] = row.digestHigh;
  }
}
