import type { TableSnapshot } from '../../src/count/table-snapshot.ts';
import { naiveCount } from '../count/naive-count.ts';
import { crashRecord, eraRounds, roundRecords } from '../fixtures/count/crash-records.js';

/** The expected content of a table, counted by strings in a Map. */
export class CrashOracle {
  readonly #seed: number;
  readonly #expected = new Map<string, number>();
  /** Words of a record of the present era, by its place in the round. */
  readonly #places = new Map<number, ReadonlyMap<string, number>>();
  #era = -1;
  #nextOffset = 0;
  #words = 0;

  constructor(seed: number) {
    this.#seed = seed;
  }

  /**
   * @returns how the snapshot differs from the records before its nextOffset, which never falls;
   * undefined when it does not
   */
  difference(snapshot: TableSnapshot): string | undefined {
    const { nextOffset, records, words } = snapshot.progress;
    if (nextOffset < this.#nextOffset) return `nextOffset is ${nextOffset} after ${this.#nextOffset}`;
    this.#countTo(nextOffset);
    if (records !== nextOffset) return `${records} records at offset ${nextOffset}`;
    if (words !== this.#words) return `${words} words at offset ${nextOffset} instead of ${this.#words}`;
    const seen = new Set<string>();
    for (const { word, count } of snapshot) {
      const expected = this.#expected.get(word) ?? 0;
      if (count !== expected) return `'${word}' ${count} times at offset ${nextOffset} instead of ${expected}`;
      seen.add(word);
    }
    if (seen.size === this.#expected.size) return undefined;
    return `${seen.size} different words at offset ${nextOffset} instead of ${this.#expected.size}`;
  }

  /** Records of one place in one era are the same: they are counted once and multiplied. */
  #countTo(nextOffset: number): void {
    const eraRecords = eraRounds * roundRecords;
    while (this.#nextOffset < nextOffset) {
      const era = Math.floor(this.#nextOffset / eraRecords);
      const end = Math.min(nextOffset, (era + 1) * eraRecords);
      const times = new Map<number, number>();
      for (let offset = this.#nextOffset; offset < end; offset += 1) {
        const place = offset % roundRecords;
        times.set(place, (times.get(place) ?? 0) + 1);
      }
      for (const [place, records] of times) this.#add(era, place, records);
      this.#nextOffset = end;
    }
  }

  #add(era: number, place: number, records: number): void {
    if (era !== this.#era) this.#places.clear();
    this.#era = era;
    let counts = this.#places.get(place);
    if (counts === undefined) {
      counts = naiveCount([crashRecord(this.#seed, era, place)], 'unicode');
      this.#places.set(place, counts);
    }
    for (const [word, count] of counts) {
      this.#expected.set(word, (this.#expected.get(word) ?? 0) + count * records);
      this.#words += count * records;
    }
  }
}
