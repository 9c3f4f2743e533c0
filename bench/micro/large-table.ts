/**
 * Counts ten million distinct words in one table: `npm run bench -- large-table`. Prints its size
 * and its times, and checks that no word is missing.
 */
import { BatchSums } from '../../src/count/batch-sums.ts';
import { createTable } from '../../src/count/layout.ts';
import { TableReader } from '../../src/count/table-reader.ts';
import { TableWriter } from '../../src/count/table-writer.ts';
import { nowMs } from '../../src/time/clock.ts';

const distinctWords = Number(process.env['BENCH_WORDS'] ?? 10_000_000);
const wordsABatch = 50_000;

const table = createTable({ nextOffset: 0, limitBytes: 2 ** 32 });
const writer = new TableWriter(table);
writer.claim(0);
const sums = new BatchSums({ tokenizer: 'unicode' });
const encoder = new TextEncoder();

let longestMs = 0;
const startMs = nowMs();
for (let first = 0; first < distinctWords; first += wordsABatch) {
  const words = Array.from({ length: Math.min(wordsABatch, distinctWords - first) }, (_, index) =>
    (first + index).toString(36),
  );
  const value = encoder.encode(words.join(' '));
  sums.reset();
  sums.addRecord(value, 0, value.length);
  const applyMs = nowMs();
  const result = writer.apply(sums, { nextOffset: first + wordsABatch });
  if (result.type !== 'applied') throw new Error(`the table is ${result.type} after ${first} words`);
  longestMs = Math.max(longestMs, nowMs() - applyMs);
}
const fillMs = nowMs() - startMs;
const snapshotMs = nowMs();
const snapshot = new TableReader(table).snapshot({ timeoutMs: 10_000 });
if (snapshot?.progress.distinctWords !== distinctWords) throw new Error('words are missing');
if (snapshot.counts.some((count) => count !== 1)) throw new Error('a count is not 1');

console.log(`${distinctWords.toLocaleString('en-US')} distinct words in one partition
${(table.byteLength / 2 ** 20).toFixed(0)} MiB, ${(table.byteLength / distinctWords).toFixed(1)} bytes a word
filled in ${(fillMs / 1_000).toFixed(1)} s, longest batch of ${wordsABatch.toLocaleString('en-US')} words ${longestMs.toFixed(0)} ms
snapshot of all in ${(nowMs() - snapshotMs).toFixed(0)} ms`);
