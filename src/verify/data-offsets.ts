import type { DataRange } from './check.ts';

/**
 * The offsets of a partition that hold records, with the number of them between any two offsets.
 */
export class DataOffsets {
  readonly #ranges: readonly DataRange[];
  /** For each range: the number of offsets in all earlier ranges. */
  readonly #before: readonly number[];

  /** @param ranges - ascending, without overlaps */
  constructor(ranges: readonly DataRange[]) {
    this.#ranges = ranges;
    const before: number[] = [];
    let sum = 0;
    for (const { begin, end } of ranges) {
      before.push(sum);
      sum += end - begin;
    }
    this.#before = before;
  }

  /** Number of offsets in [from, to) that hold a record. */
  count(from: number, to: number): number {
    return to <= from ? 0 : this.#below(to) - this.#below(from);
  }

  /** The first offset in [from, to) that holds a record. */
  first(from: number, to: number): number | undefined {
    const range = this.#ranges[this.#find(from)];
    const next = this.#ranges[this.#find(from) + 1];
    const offset = range !== undefined && from < range.end ? Math.max(from, range.begin) : next?.begin;
    return offset !== undefined && offset < to ? offset : undefined;
  }

  #below(offset: number): number {
    const index = this.#find(offset);
    const range = this.#ranges[index];
    if (range === undefined) return 0;
    return (this.#before[index] ?? 0) + Math.min(offset, range.end) - range.begin;
  }

  /** Index of the last range that begins at or below the offset; -1 for none. */
  #find(offset: number): number {
    let low = 0;
    let high = this.#ranges.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.#ranges[middle]?.begin ?? Infinity) <= offset) low = middle + 1;
      else high = middle;
    }
    return low - 1;
  }
}
