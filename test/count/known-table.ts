import { BatchSums } from '../../src/count/batch-sums.ts';
import type { GrowthPace } from '../../src/count/gradual-growth.ts';
import { TableReader } from '../../src/count/table-reader.ts';
import { naiveWords } from './naive-count.ts';

export type Batch = readonly string[];

/** The expected content of a table, counted without src/count. */
export interface TableContent {
  readonly nextOffset: number;
  readonly records: number;
  readonly words: number;
  readonly counts: ReadonlyMap<string, number>;
}

/** Grows every table from 8 slots on gradually, and as slowly as possible. */
export const slowPace: GrowthPace = { fromLog2: 3, fromLoad: 0.3, untilLoad: 0.75, slotsPerStep: 1 };

export function emptyContent(nextOffset: number): TableContent {
  return { nextOffset, records: 0, words: 0, counts: new Map() };
}

/** A batch of records, a string each. */
export function withBatch(content: TableContent, batch: Batch): TableContent {
  const counts = new Map(content.counts);
  const words = batch.flatMap((value) => naiveWords(Buffer.from(value), 'unicode'));
  for (const word of words) counts.set(word, (counts.get(word) ?? 0) + 1);
  return {
    nextOffset: content.nextOffset + batch.length,
    records: content.records + batch.length,
    words: content.words + words.length,
    counts,
  };
}

export function sumsOf(batch: Batch): BatchSums {
  const sums = new BatchSums({ tokenizer: 'unicode' });
  for (const value of batch) {
    const bytes = Buffer.from(value);
    sums.addRecord(bytes, 0, bytes.length);
  }
  return sums;
}

/** @returns undefined while the table can't be read */
export function contentOf(table: SharedArrayBuffer): TableContent | undefined {
  const snapshot = new TableReader(table).snapshot({ timeoutMs: 0 });
  if (snapshot === undefined) return undefined;
  const { nextOffset, records, words } = snapshot.progress;
  return { nextOffset, records, words, counts: new Map([...snapshot].map(({ word, count }) => [word, count])) };
}

/** An independent table with the same bytes. */
export function copyTable(table: SharedArrayBuffer): SharedArrayBuffer {
  const copy = new SharedArrayBuffer(table.byteLength, { maxByteLength: table.maxByteLength });
  new Uint8Array(copy).set(new Uint8Array(table));
  return copy;
}
