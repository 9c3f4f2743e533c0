/**
 * Restores distinct words into one table, and commits as many changed words: `npm run bench --
 * restore-table`. Prints words a second of each part, and checks that no word is missing.
 */
import { BatchSums } from '../../src/count/batch-sums.ts';
import { ChangedWords, wordRowNumbers, WordRows } from '../../src/count/changed-words.ts';
import { DurableCells } from '../../src/count/durable-cells.ts';
import { createDurableCells } from '../../src/count/durable-layout.ts';
import { createTable } from '../../src/count/layout.ts';
import { TableReader } from '../../src/count/table-reader.ts';
import { TableWriter } from '../../src/count/table-writer.ts';
import { nowMs } from '../../src/time/clock.ts';

const distinctWords = Number(process.env['BENCH_WORDS'] ?? 10_000_000);
const rowsABatch = Number(process.env['BENCH_ROWS'] ?? 16_384);
const fields = { stride: 6, partition: 0, offset: 1, keyStart: 2, keyLength: 3, start: 4, length: 5 } as const;
const recordBytes = 24;

const table = createTable({ nextOffset: 0, limitBytes: 2 ** 32 });
const cells = new DurableCells(createDurableCells());
const writer = new TableWriter(table, undefined, cells);
writer.claim(0);
const sums = new BatchSums({ tokenizer: 'unicode', fields });
sums.reserve({ valuesBytes: rowsABatch * recordBytes, rowNumbers: rowsABatch * fields.stride });

/** Lays out one batch of records as the changelog reader does. */
function fill(first: number, rows: number): void {
  const values = Buffer.from(sums.values.buffer, sums.values.byteOffset, sums.values.length);
  for (let row = 0; row < rows; row += 1) {
    const at = row * recordBytes;
    const length = values.write((first + row).toString(36), at, 'latin1');
    values.writeBigInt64BE(BigInt(first + row + 1), at + 16);
    sums.rows.set([0, first + row, at, length, at + 16, 8], row * fields.stride);
  }
}

function perSecond(words: number, ms: number): string {
  return `${(words / ms / 1000).toFixed(2)} million words/s`;
}

let setMs = 0;
let restoreMs = 0;
for (let first = 0; first < distinctWords; first += rowsABatch) {
  const rows = Math.min(rowsABatch, distinctWords - first);
  fill(first, rows);
  const setStartMs = nowMs();
  sums.reset();
  sums.setRows(0, rows);
  const restoreStartMs = nowMs();
  const result = writer.restore(sums);
  if (result.type !== 'applied') throw new Error(`the table is ${result.type} after ${first} words`);
  setMs += restoreStartMs - setStartMs;
  restoreMs += nowMs() - restoreStartMs;
}
if (new TableReader(table).progress().distinctWords !== distinctWords) throw new Error('words are missing');

const text = new BatchSums({ tokenizer: 'unicode' });
const encoder = new TextEncoder();
let nextOffset = 0;
for (let first = 0; first < distinctWords; first += rowsABatch) {
  const words = Array.from({ length: Math.min(rowsABatch, distinctWords - first) }, (_, row) =>
    (first + row).toString(36),
  );
  const value = encoder.encode(words.join(' '));
  text.reset();
  text.addRecord(value, 0, value.length);
  writer.apply(text, { nextOffset: (nextOffset += 1) });
}
const changed = new ChangedWords(0, table, cells);
const target = new WordRows();
const beginMs = nowMs();
cells.begin();
const captured = changed.capture();
const captureMs = nowMs() - beginMs;
let written = 0;
let bytes = 0;
const writeStartMs = nowMs();
for (let rows = changed.write(target); rows > 0; rows = changed.write(target)) {
  written += rows;
  bytes += (target.rows[(rows - 1) * wordRowNumbers + 3] ?? 0) + 8;
}
const writeMs = nowMs() - writeStartMs;
cells.completed();
if (captured !== distinctWords || written !== distinctWords) throw new Error('changed words are missing');

console.log(`${distinctWords.toLocaleString('en-US')} distinct words in batches of ${rowsABatch.toLocaleString('en-US')} rows
restore ${perSecond(distinctWords, setMs + restoreMs)}: rows to sums ${perSecond(distinctWords, setMs)}, sums to table ${perSecond(distinctWords, restoreMs)}
capture of all as changed ${perSecond(distinctWords, captureMs)} (${captureMs.toFixed(0)} ms), write ${perSecond(distinctWords, writeMs)}, ${(bytes / 2 ** 20).toFixed(0)} MiB`);
