import type { RecordDealer } from './record-batch.ts';

/** The records of a workload, in order, repeated as often as needed. */
export interface RecordSource {
  /**
   * Appends the next records until the dealer has no more room.
   * @param recordsMax - upper limit of records to append
   * @returns number of appended records; 0 with room in the dealer means that the workload has
   *   ended
   * @throws ClusterError input when a file can't be read or a line exceeds the limit of a record
   */
  fill(dealer: RecordDealer, recordsMax: number): Promise<number>;
  close(): Promise<void>;
}

/** Lines in memory, repeated without end. */
export class LinesSource implements RecordSource {
  readonly #lines: Lines;
  #next = 0;

  constructor(lines: Lines) {
    this.#lines = lines;
  }

  fill(dealer: RecordDealer, recordsMax: number): Promise<number> {
    const { bytes, ends } = this.#lines;
    let line = this.#next;
    let start = line === 0 ? 0 : (ends[line - 1] ?? 0);
    let filled = 0;
    while (filled < recordsMax) {
      const end = ends[line] ?? 0;
      if (!dealer.append(bytes, start, end)) break;
      filled += 1;
      line += 1;
      start = end;
      if (line === ends.length) {
        line = 0;
        start = 0;
      }
    }
    this.#next = line;
    return Promise.resolve(filled);
  }

  close(): Promise<void> {
    return Promise.resolve();
  }
}

/** At least one line, without line ends and gaps; `ends[i]` is one past the last byte of line i. */
export interface Lines {
  readonly bytes: Uint8Array;
  readonly ends: Int32Array;
}
