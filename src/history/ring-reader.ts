import { ringControl, rowBytes, rowFloat, RingMemory, rowInt } from './ring-layout.ts';
import { rowTypes, type Row } from './ring-row.ts';

/** The main thread's side of a member's ring. */
export class RingReader {
  readonly #memory: RingMemory;

  constructor(ring: SharedArrayBuffer) {
    this.#memory = new RingMemory(ring);
  }

  /** Whether the writer has, or is about to take, a ticket whose row is not published. */
  get writing(): boolean {
    return Atomics.load(this.#memory.control, ringControl.writing) !== 0;
  }

  /** Takes all published rows, oldest first. */
  drain(onRow: (ticket: number, atMs: number, row: Row) => void): void {
    const { control: words, floats, rows } = this.#memory;
    const head = Atomics.load(words, ringControl.head);
    let tail = Atomics.load(words, ringControl.tail);
    for (; tail !== head; tail = (tail + 1) | 0) {
      const number = tail & (rows - 1);
      const float = (number * rowBytes) / 8;
      onRow(floats[float + rowFloat.ticket] ?? 0, floats[float + rowFloat.atMs] ?? 0, this.#row(number));
    }
    Atomics.store(words, ringControl.tail, tail);
  }

  /** @returns rows dropped because the ring was full, since the last call */
  takeDropped(): number {
    return Atomics.exchange(this.#memory.control, ringControl.dropped, 0);
  }

  #row(number: number): Row {
    const { floats, ints } = this.#memory;
    const float = (number * rowBytes) / 8;
    const int = (number * rowBytes) / 4;
    const type = rowTypes[ints[int + rowInt.type] ?? -1];
    if (type === undefined) throw new Error('a row without a type');
    return {
      type,
      partition: ints[int + rowInt.partition] ?? 0,
      epoch: ints[int + rowInt.epoch] ?? 0,
      firstOffset: floats[float + rowFloat.firstOffset] ?? 0,
      lastOffset: floats[float + rowFloat.lastOffset] ?? 0,
      records: ints[int + rowInt.records] ?? 0,
      words: (ints[int + rowInt.words] ?? 0) >>> 0,
      digestLow: (ints[int + rowInt.digestLow] ?? 0) >>> 0,
      digestHigh: (ints[int + rowInt.digestHigh] ?? 0) >>> 0,
    };
  }
}
