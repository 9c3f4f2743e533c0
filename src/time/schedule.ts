/** When the records of an open-loop run are due: fixed intervals that nothing shifts. */
export class Schedule {
  readonly startMs: number;
  readonly #intervalMs: number;

  /**
   * @param startMs - record 0 is due then, time/clock.ts
   * @param ratePerSecond - above 0
   */
  constructor(startMs: number, ratePerSecond: number) {
    this.startMs = startMs;
    this.#intervalMs = 1_000 / ratePerSecond;
  }

  /** When a record is due. @param record - from 0 */
  atMs(record: number): number {
    return this.startMs + record * this.#intervalMs;
  }

  /** How many records are due by a moment: all whose `atMs` is not after it. */
  dueBy(atMs: number): number {
    let due = Math.max(0, Math.floor((atMs - this.startMs) / this.#intervalMs) + 1);
    // Division and multiplication round each in their way.
    while (due > 0 && this.atMs(due - 1) > atMs) due -= 1;
    while (this.atMs(due) <= atMs) due += 1;
    return due;
  }
}
