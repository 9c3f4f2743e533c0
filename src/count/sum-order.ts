import { nextSum, sum, type BatchSums } from './batch-sums.ts';

/** Each range of hashes is a few pages of the slots of a table with a million words. */
const rangesLog2 = 11;
/** Fewer sums are not sorted: counting the ranges would take longer than their cache misses. */
const sortedFrom = 512;

/**
 * The order in which the sums of a batch change a table. Slots are ordered by hashes, and so are
 * the sums of a large batch: its reads and writes of the slots go through memory once, instead of
 * missing caches and translations of addresses at each word. Reused for each batch.
 */
export class SumOrder {
  /** Positions of the sums in the arena; valid up to the number of sums. */
  positions = new Int32Array(0);
  /** The place of each of them in the arena, counted in sums. */
  numbers = new Int32Array(0);
  #unsorted = new Int32Array(0);
  readonly #ends = new Int32Array(2 ** rangesLog2);

  arrange({ arena, arenaEnd, distinct }: BatchSums): void {
    if (this.positions.length < distinct) {
      const room = 2 ** Math.ceil(Math.log2(distinct));
      this.positions = new Int32Array(room);
      this.numbers = new Int32Array(room);
      this.#unsorted = new Int32Array(room);
    }
    if (distinct < sortedFrom) this.#list(arena, arenaEnd);
    else this.#sort(arena, arenaEnd);
  }

  #list(arena: Int32Array, arenaEnd: number): void {
    const { positions, numbers } = this;
    let number = 0;
    for (let from = 0; from < arenaEnd; from = nextSum(arena, from)) {
      positions[number] = from;
      numbers[number] = number;
      number += 1;
    }
  }

  /** Counts the sums of each range, and then fills each range from its end. */
  #sort(arena: Int32Array, arenaEnd: number): void {
    const { positions, numbers } = this;
    const unsorted = this.#unsorted;
    const ends = this.#ends;
    const shift = 32 - rangesLog2;
    ends.fill(0);
    let sums = 0;
    for (let from = 0; from < arenaEnd; from = nextSum(arena, from)) {
      unsorted[sums] = from;
      const range = (arena[from + sum.hash] ?? 0) >>> shift;
      ends[range] = (ends[range] ?? 0) + 1;
      sums += 1;
    }
    let end = 0;
    for (let range = 0; range < ends.length; range += 1) {
      end += ends[range] ?? 0;
      ends[range] = end;
    }
    for (let number = sums - 1; number >= 0; number -= 1) {
      const from = unsorted[number] ?? 0;
      const range = (arena[from + sum.hash] ?? 0) >>> shift;
      const at = (ends[range] ?? 0) - 1;
      ends[range] = at;
      positions[at] = from;
      numbers[at] = number;
    }
  }
}
