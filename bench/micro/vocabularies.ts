import { BatchSums } from '../../src/count/batch-sums.ts';
import { createTable } from '../../src/count/layout.ts';
import { TableWriter } from '../../src/count/table-writer.ts';
import { ZipfWords } from '../../src/workload/zipf-words.ts';

const recordBytes = 66;
/** About as many records as a member counts in one step. */
const recordsAStep = 20_000;
const fields = { stride: 2, start: 0, length: 1 } as const;

/** Processor time of this thread. */
export function threadCpuMs(): number {
  const { user, system } = process.threadCpuUsage();
  return (user + system) / 1000;
}

/** One table that counts the words of one vocabulary. */
class Vocabulary {
  readonly size: number;
  readonly #source: ZipfWords;
  readonly #sums = new BatchSums({ tokenizer: 'unicode', fields });
  readonly #writer: TableWriter;
  words = 0;
  sumsMs = 0;
  tableMs = 0;
  longestMs = 0;

  constructor(size: number) {
    this.size = size;
    this.#source = new ZipfWords({ vocabulary: size, recordBytes, seed: 1, nonAsciiShare: 0 });
    this.#writer = new TableWriter(createTable({ nextOffset: 0, limitBytes: 2 ** 32 }));
    this.#writer.claim(0);
    this.#sums.reserve({ valuesBytes: recordsAStep * recordBytes, rowNumbers: recordsAStep * fields.stride });
    for (let row = 0; row < recordsAStep; row += 1) {
      this.#sums.rows.set([row * recordBytes, recordBytes], row * fields.stride);
    }
  }

  step(first: number): void {
    const sums = this.#sums;
    for (let row = 0; row < recordsAStep; row += 1) {
      this.#source.writeRecord(first + row, sums.values.subarray(row * recordBytes));
    }
    sums.reset();
    const startMs = threadCpuMs();
    sums.addRows(0, recordsAStep);
    const summedMs = threadCpuMs();
    const result = this.#writer.apply(sums, { nextOffset: first + recordsAStep });
    if (result.type !== 'applied') throw new Error(`the table is ${result.type}`);
    const tableMs = threadCpuMs() - summedMs;
    this.words += sums.words;
    this.sumsMs += summedMs - startMs;
    this.tableMs += tableMs;
    this.longestMs = Math.max(this.longestMs, tableMs);
  }
}

/**
 * Counts `records` records of 66 bytes of each vocabulary, in turns.
 * @returns a line per vocabulary, with its cost per byte relative to the first one
 */
export function vocabularyCosts(sizes: readonly number[], records: number): string[] {
  const vocabularies = sizes.map((size) => new Vocabulary(size));
  for (let first = 0; first < records; first += recordsAStep) {
    for (const vocabulary of vocabularies) vocabulary.step(first);
  }
  const costOf = ({ sumsMs, tableMs }: Vocabulary): number => sumsMs + tableMs;
  const [base] = vocabularies;
  return vocabularies.map((vocabulary) => {
    const { size, words, sumsMs, tableMs, longestMs } = vocabulary;
    const nsAWord = (ms: number): string => ((ms * 1e6) / words).toFixed(1);
    const ratio = base === undefined ? 1 : costOf(vocabulary) / costOf(base);
    return (
      `${size.toLocaleString('en-US').padStart(10)} words: ${nsAWord(costOf(vocabulary))} ns a word ` +
      `(sums ${nsAWord(sumsMs)}, table ${nsAWord(tableMs)}), per byte ${ratio.toFixed(2)} times the first; ` +
      `longest step in the table ${longestMs.toFixed(1)} ms`
    );
  });
}
