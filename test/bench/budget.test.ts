import { expect, test } from 'vitest';
import { budgetRows, parsePerfSample, partOf } from '../../bench/budget/budget-rows.ts';
import { renderBudget } from '../../bench/budget/budget-text.ts';

/** Lines as `perf script -F comm,pid,ip,sym,dso` prints them, and the part of the budget that each belongs to. */
const lines: readonly (readonly [string, string])[] = [
  ['rdk:broker1 16101 ffffffff81e0f4d2 copy_page_to_iter ([kernel.kallsyms])', 'kernel, threads of librdkafka'],
  ['node 16101 ffffffff811c8f10 clear_page ([kernel.kallsyms])', 'kernel, other threads'],
  [
    'rdk:broker1 16101     7f1c0a1b2c3d rd_kafka_msgset_reader_run (/x/lib/binding/node-v147/librdkafka.so.1)',
    'librdkafka: receive, check and queue',
  ],
  [
    'node 16101     7f1c0a1b2c3d NodeKafka::KafkaConsumer::NodeConsumeBatch(Nan::Args const&) (/x/confluent-kafka-javascript.node)',
    'batch call: read records, fill rows',
  ],
  [
    'node 16101     7f1c0b1b2c3d __memmove_avx_unaligned_erms (/usr/lib/x86_64-linux-gnu/libc.so.6)',
    'copies of bytes, member thread',
  ],
  ['node 16101     7f1c0b1b2c3d Function:*wasm-function[12] (/tmp/perf-16101.map)', 'tokenizer and sums (WebAssembly)'],
  [
    'node 16101     7f1c0b1b2c3d JS:*planBatch file:///x/dist/count/plan-batch.js:12:27 (/tmp/perf-16101.map)',
    'tables and journal',
  ],
  [
    'node 16101     7f1c0b1b2c3d JS:^run file:///x/dist/member/turn.js:3:4 (/tmp/perf-16101.map)',
    "member's turn, commits, messages",
  ],
  ['WorkerThread 16101     5f1c0b1b2c3d v8::internal::Heap::Scavenge() (/x/bin/node)', 'V8 and Node.js'],
  ['env 16101     5f1c0b1b2c3d [unknown] ([unknown])', 'other'],
];

test('a sample belongs to the part of its thread, file and symbol', () => {
  for (const [text, part] of lines) {
    const sample = parsePerfSample(text);
    expect(sample, text).toBeDefined();
    expect(sample?.pid).toBe('16101');
    if (sample !== undefined) expect(partOf(sample), text).toBe(part);
  }
  expect(parsePerfSample('')).toBeUndefined();
  expect(parsePerfSample('# captured on: Sun Nov 29')).toBeUndefined();
});

test('shares add up to one, and nanoseconds to the processor time of a record beyond the start', () => {
  const start = lines.flatMap(([text]) => parsePerfSample(text) ?? []);
  const samples = [...start, ...start, ...start];
  const rows = budgetRows({ samples, records: 110 }, { samples: start, records: 10 }, 1_000);
  expect(rows.reduce((sum, { share }) => sum + share, 0)).toBeCloseTo(1);
  // 20 samples of a millisecond each, 100 records.
  expect(rows.reduce((sum, { nsPerRecord }) => sum + nsPerRecord, 0)).toBeCloseTo(200_000);
  const text = renderBudget(rows, { lane: 'count', members: 1, records: 110, wholeNs: 123.4 });
  expect(text).toContain('| tables and journal | 10.0 % | 20000.0 |');
  expect(text).toContain('| sum, under perf, without the start | 100.0 % | 200000.0 |');
  expect(text).toContain(' 123 |');
});
