import type { RecordDealer } from './record-batch.ts';
import type { RecordSource } from './record-source.ts';
import type { ZipfWords } from './zipf-words.ts';

/** The records of seeded Zipf words, starting at record 0, without end. */
export class ZipfSource implements RecordSource {
  readonly #words: ZipfWords;
  readonly #record: Uint8Array;
  #index = 0;
  /** True when #record holds record #index: a full dealer has not accepted it. */
  #written = false;

  constructor(words: ZipfWords, recordBytes: number) {
    this.#words = words;
    this.#record = new Uint8Array(recordBytes);
  }

  fill(dealer: RecordDealer, recordsMax: number): Promise<number> {
    const record = this.#record;
    let filled = 0;
    while (filled < recordsMax) {
      if (!this.#written) this.#words.writeRecord(this.#index, record);
      this.#written = !dealer.append(record, 0, record.length);
      if (this.#written) break;
      this.#index += 1;
      filled += 1;
    }
    return Promise.resolve(filled);
  }

  close(): Promise<void> {
    return Promise.resolve();
  }
}
