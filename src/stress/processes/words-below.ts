import type { Tokenizer } from '../../config/tokenizers.ts';
import { bookLines } from '../../workload/book.ts';
import { NaiveCount } from '../../workload/naive-count.ts';

/** Words in the first records of each partition of a WeightedFeed that produces only the book. */
export class WordsBelow {
  readonly #partitions: number;
  readonly #ofLine: Float64Array;
  readonly #below: number[][];

  constructor(partitions: number, tokenizer: Tokenizer) {
    this.#partitions = partitions;
    const { bytes, ends } = bookLines();
    this.#ofLine = Float64Array.from(ends, (end, line) => {
      const count = new NaiveCount(tokenizer);
      count.add(bytes.subarray(line === 0 ? 0 : ends[line - 1], end));
      return count.words;
    });
    this.#below = Array.from({ length: partitions }, () => [0]);
  }

  /** Words in the records of a partition below `offset`. */
  at(partition: number, offset: number): number | undefined {
    const below = this.#below[partition];
    if (below === undefined || offset < 0) return undefined;
    for (let record = below.length - 1; record < offset; record += 1) {
      const line = (record * this.#partitions + partition) % this.#ofLine.length;
      below.push((below.at(-1) ?? 0) + (this.#ofLine[line] ?? 0));
    }
    return below[offset];
  }
}
