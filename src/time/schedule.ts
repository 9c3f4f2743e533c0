/** Due times of the records of an open-loop run, at fixed intervals. */
export class Schedule {
  readonly startMs: number;
  readonly #intervalMs: number;

  /**
   * @param startMs - due time of record 0, a time of time/clock.ts
   * @param ratePerSecond - above 0
   */
  constructor(startMs: number, ratePerSecond: number) {
    this.startMs = startMs;
    this.#intervalMs = 1_000 / ratePerSecond;
  }

  /** @returns the due time of a record @param record - from 0 */
  atMs(record: number): number {
    return this.startMs + record * this.#intervalMs;
  }

  /** @returns the number of records that are due at the given time */
  dueBy(atMs: number): number {
    let due = Math.max(0, Math.floor((atMs - this.startMs) / this.#intervalMs) + 1);
    // Division and multiplication round differently.
    while (due > 0 && this.atMs(due - 1) > atMs) due -= 1;
    while (this.atMs(due) <= atMs) due += 1;
    return due;
  }
}
