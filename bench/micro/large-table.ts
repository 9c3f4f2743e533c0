/**
 * Counts ten million distinct words in one table, and then Zipf words of three vocabularies:
 * `npm run bench -- large-table`. Prints the table's size, its times and the cost of a word, and
 * checks that no word is missing. BENCH_WORDS and BENCH_RECORDS set the number of distinct words,
 * and of records per vocabulary; 0 leaves that part out.
 */
import { BatchSums } from '../../src/count/batch-sums.ts';
import { createTable } from '../../src/count/layout.ts';
import { TableReader } from '../../src/count/table-reader.ts';
import { TableWriter } from '../../src/count/table-writer.ts';
import { largest } from '../../src/statistics/extremes.ts';
import { nowMs } from '../../src/time/clock.ts';
import { threadCpuMs, vocabularyCosts } from './vocabularies.ts';

const distinctWords = Number(process.env['BENCH_WORDS'] ?? 10_000_000);
const records = Number(process.env['BENCH_RECORDS'] ?? 1_000_000);
const wordsABatch = 50_000;

function sizeText(bytes: number): string {
  return `${(bytes / 2 ** 20).toFixed(0)} MiB, ${(bytes / distinctWords).toFixed(1)} bytes a word`;
}

function fillTable(): string {
  const table = createTable({ nextOffset: 0, limitBytes: 2 ** 32 });
  const writer = new TableWriter(table);
  writer.claim(0);
  const sums = new BatchSums({ tokenizer: 'unicode' });
  const encoder = new TextEncoder();
  const wallMs: number[] = [];
  const cpuMs: number[] = [];
  const startMs = nowMs();
  const startBytes = process.memoryUsage.rss();
  for (let first = 0; first < distinctWords; first += wordsABatch) {
    const words = Array.from({ length: Math.min(wordsABatch, distinctWords - first) }, (_, index) =>
      (first + index).toString(36),
    );
    const value = encoder.encode(words.join(' '));
    sums.reset();
    sums.addRecord(value, 0, value.length);
    const applyMs = nowMs();
    const applyCpuMs = threadCpuMs();
    const result = writer.apply(sums, { nextOffset: first + wordsABatch });
    if (result.type !== 'applied') throw new Error(`the table is ${result.type} after ${first} words`);
    cpuMs.push(threadCpuMs() - applyCpuMs);
    wallMs.push(nowMs() - applyMs);
  }
  const fillMs = nowMs() - startMs;
  const residentBytes = process.memoryUsage.rss() - startBytes;
  const snapshotMs = nowMs();
  const snapshot = new TableReader(table).snapshot({ timeoutMs: 10_000 });
  if (snapshot?.progress.distinctWords !== distinctWords) throw new Error('words are missing');
  if (snapshot.counts.some((count) => count !== 1)) throw new Error('a count is not 1');
  const median = (values: readonly number[]): number => values.toSorted((a, b) => a - b)[values.length >> 1] ?? 0;
  const times = (values: readonly number[]): string =>
    `median ${median(values).toFixed(1)}, longest ${largest(values).toFixed(1)} ms`;
  return `${distinctWords.toLocaleString('en-US')} distinct words in one partition
${sizeText(table.byteLength)}; resident memory of the process: ${sizeText(residentBytes)} more
filled in ${(fillMs / 1_000).toFixed(1)} s
batch of ${wordsABatch.toLocaleString('en-US')} new words: ${times(wallMs)}; processor time: ${times(cpuMs)}
snapshot of all in ${(nowMs() - snapshotMs).toFixed(0)} ms`;
}

if (distinctWords > 0) console.log(fillTable());
if (records > 0) {
  console.log(`\nZipf words, ${records.toLocaleString('en-US')} records of 66 bytes, processor time`);
  for (const line of vocabularyCosts([1_000, 1_000_000, 10_000_000], records)) console.log(line);
}
