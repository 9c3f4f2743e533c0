/**
 * Micro benchmarks of src/count: `npm run bench -- micro`. Each line of the first table is the cost
 * of one word, in a batch of a thousand records. The second table compares scripts by the byte.
 */
import { Bench } from 'tinybench';
import { BatchSums } from '../../src/count/batch-sums.ts';
import { createTable } from '../../src/count/layout.ts';
import { TableReader } from '../../src/count/table-reader.ts';
import { TableWriter } from '../../src/count/table-writer.ts';
import { topWords } from '../../src/count/top-words.ts';
import { sampleBatch, type SampleBatch } from './sample-batch.ts';
import { scriptCosts } from './script-costs.ts';

const recordsABatch = 1000;
const fields = { stride: 2, start: 0, length: 1 } as const;
const limitBytes = 2 ** 30;

interface Measured {
  readonly words: number;
  readonly bytes: number;
}

const timeMs = Number(process.env['BENCH_TIME_MS'] ?? 500);
const bench = new Bench({ time: timeMs, warmupTime: 200 });
const measured = new Map<string, Measured>();

function add(name: string, sums: BatchSums, run: () => void): void {
  measured.set(name, { words: sums.words, bytes: sums.bytes });
  bench.add(name, run);
}

function filled({ values, rows, records }: SampleBatch): BatchSums {
  const sums = new BatchSums({ tokenizer: 'unicode', fields });
  sums.reserve({ valuesBytes: values.length, rowNumbers: rows.length });
  sums.values.set(values);
  sums.rows.set(rows);
  sums.addRows(0, records);
  return sums;
}

function claimed({ slotsLog2 = 10 } = {}): { readonly table: SharedArrayBuffer; readonly writer: TableWriter } {
  const table = createTable({ nextOffset: 0, limitBytes, slotsLog2 });
  const writer = new TableWriter(table);
  writer.claim(0);
  return { table, writer };
}

for (const text of ['english', 'mixed'] as const) {
  const sums = filled(sampleBatch(recordsABatch, text));
  add(`tokenize, hash and sum, ${text}`, sums, () => {
    sums.reset();
    sums.addRows(0, recordsABatch);
  });

  const { table, writer } = claimed();
  const ready = filled(sampleBatch(recordsABatch, text));
  let nextOffset = 0;
  add(`apply to a table that knows the words, ${text}`, ready, () => {
    nextOffset += recordsABatch;
    writer.apply(ready, { nextOffset });
  });
  const reader = new TableReader(table);
  add(`snapshot between two batches, ${text}`, ready, () => {
    nextOffset += recordsABatch;
    writer.apply(ready, { nextOffset });
    reader.snapshot();
  });
  add(`top ten, ${text}`, ready, () => {
    topWords([reader], 10);
  });
  add(`apply to an empty table with room, ${text}`, ready, () => {
    claimed({ slotsLog2: 16 }).writer.apply(ready, { nextOffset: recordsABatch });
  });
  add(`apply to an empty table, which grows, ${text}`, ready, () => {
    claimed().writer.apply(ready, { nextOffset: recordsABatch });
  });
}

// The cost of a step besides its words: taking the lease, sealing, applying and freeing the
// journal, releasing the lease.
const oneWord = filled({ values: Buffer.from('whale'), rows: Float64Array.of(0, 5), records: 1 });
const committed = claimed().writer;
let committedOffset = 0;
add('a step of a single word', oneWord, () => {
  committedOffset += 1;
  committed.apply(oneWord, { nextOffset: committedOffset });
});

await bench.run();
console.table(
  bench.tasks.map(({ name, result }) => {
    if (!('latency' in result)) return { name, state: result.state };
    const { words, bytes } = measured.get(name) ?? { words: NaN, bytes: NaN };
    const medianNs = result.latency.p50 * 1e6;
    return {
      name,
      'ns a word': (medianNs / words).toFixed(1),
      'million words/s': ((words / medianNs) * 1e3).toFixed(1),
      'GB/s': (bytes / medianNs).toFixed(3),
      samples: result.latency.samplesCount,
    };
  }),
);

const costs = scriptCosts(10 * timeMs);
const [english] = costs;
console.table(
  costs.map(({ script, source, records, words, bytes, bestNs }) => ({
    script,
    text: source,
    records,
    'bytes a word': (bytes / words).toFixed(1),
    'ns a byte': (bestNs / bytes).toFixed(2),
    'times English': english === undefined ? '' : ((bestNs * english.bytes) / (bytes * english.bestNs)).toFixed(2),
    'ns a word': (bestNs / words).toFixed(1),
  })),
);
