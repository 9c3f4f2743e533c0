import type { RecordDealer } from './record-batch.ts';

/** The records of a workload, in order, as often over as they are asked for. */
export interface RecordSource {
  /**
   * Appends the next records until the dealer has no more room.
   * @param recordsMax - at most so many
   * @returns how many were appended; 0 with room in the dealer means that the workload is at its end
   * @throws WordcountError input when a file can't be read or a line is longer than a record may be
   */
  fill(dealer: RecordDealer, recordsMax: number): Promise<number>;
  close(): Promise<void>;
}

/** Lines kept in memory, over and over. */
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

/** Lines without their line ends, back to back; `ends[i]` is one past the last byte of line i. At least one. */
export interface Lines {
  readonly bytes: Uint8Array;
  readonly ends: Int32Array;
}
