import fc from 'fast-check';
import { expect, test } from 'vitest';
import { BatchSums } from '../../src/count/batch-sums.ts';
import { lastBatch } from '../../src/count/last-batch.ts';
import { createTable } from '../../src/count/layout.ts';
import { fence, leaseOwner } from '../../src/count/lease.ts';
import { recover } from '../../src/count/recovery.ts';
import type { LoggedBatch, TableLog } from '../../src/count/table-log.ts';
import { TableWriter } from '../../src/count/table-writer.ts';
import { recordDigest as naiveDigest } from '../../src/workload/record-digest.ts';
import { dyingMemory, Killed } from './stepped-memory.ts';

const seed = Number(process.env['TEST_SEED'] ?? 20_241_125);
const fields = { stride: 4, start: 0, length: 1, partition: 2, offset: 3 } as const;

interface Row {
  readonly partition: number;
  readonly offset: number;
  /** undefined for null. */
  readonly value: string | undefined;
}

function sumsOf(rows: readonly Row[]): BatchSums {
  const sums = new BatchSums({ tokenizer: 'unicode', fields });
  const values = rows.map(({ value }) => Buffer.from(value ?? ''));
  sums.reserve({ valuesBytes: Buffer.concat(values).length, rowNumbers: rows.length * fields.stride });
  let start = 0;
  for (const [index, { partition, offset, value }] of rows.entries()) {
    const bytes = values[index] ?? Buffer.alloc(0);
    sums.values.set(bytes, start);
    sums.rows.set([start, value === undefined ? -1 : bytes.length, partition, offset], index * fields.stride);
    start += bytes.length;
  }
  sums.addRows(0, rows.length);
  return sums;
}

function digestOf(batch: { readonly digestLow: number; readonly digestHigh: number }): bigint {
  return (BigInt(batch.digestHigh) << 32n) | BigInt(batch.digestLow);
}

function rowsFrom(firstOffset: number, values: readonly (string | undefined)[]): Row[] {
  return values.map((value, index) => ({ partition: 3, offset: firstOffset + index, value }));
}

const row = fc.record({
  partition: fc.nat({ max: 2 ** 20 }),
  offset: fc.nat({ max: Number.MAX_SAFE_INTEGER }),
  value: fc.option(fc.string({ unit: 'grapheme', maxLength: 40 }), { nil: undefined }),
});

test('the digest equals its naive definition for any partition, offset and value', () => {
  fc.assert(
    fc.property(fc.array(row, { maxLength: 30 }), (rows) => {
      const expected = rows.map(({ partition, offset, value }) =>
        naiveDigest(partition, offset, value === undefined ? -1 : Buffer.byteLength(value)),
      );
      expect(digestOf(sumsOf(rows))).toBe(
        BigInt.asUintN(
          64,
          expected.reduce((sum, digest) => sum + digest, 0n),
        ),
      );
    }),
    { seed, numRuns: 500 },
  );
});

test('an empty value, a null value and no record differ in the digest', () => {
  const digests = [undefined, '', 'a'].map((value) => digestOf(sumsOf([{ partition: 0, offset: 0, value }])));
  expect(new Set([...digests, 0n]).size).toBe(4);
});

/** Keeps what is logged, and checks that no other thread can claim the table meanwhile. */
class Log implements TableLog {
  readonly lines: (string | LoggedBatch)[] = [];
  readonly #table: SharedArrayBuffer;
  #ticket = 0;
  constructor(table: SharedArrayBuffer) {
    this.#table = table;
  }
  beginBatch = (): number => (this.#ticket += 1);
  endBatch = (batch: LoggedBatch | undefined): void => {
    this.#expectExclusive();
    if (batch !== undefined) this.lines.push(batch);
  };
  refused = ({
    firstOffset,
    nextOffset,
    records,
  }: Pick<LoggedBatch, 'firstOffset' | 'nextOffset' | 'records'>): void => {
    this.lines.push(`refused ${firstOffset} to ${nextOffset - 1}, ${records} records`);
  };
  acquired = (epoch: number, nextOffset: number): void => {
    this.#expectExclusive();
    this.lines.push(`acquired ${epoch} at ${nextOffset}`);
  };
  released = (epoch: number): void => {
    this.#expectExclusive();
    this.lines.push(`released ${epoch}`);
  };
  #expectExclusive(): void {
    const owner = leaseOwner(this.#table) ?? expect.fail('no member owns the table');
    expect(fence(this.#table, owner)).toBe('busy');
  }
}

test('a table logs its owners and batches while no other thread can change it', () => {
  const table = createTable({ nextOffset: 10, limitBytes: 1 << 20 });
  const log = new Log(table);
  const writer = new TableWriter(table, log);
  writer.claim(1);
  const rows = rowsFrom(12, ['a b', undefined, 'a']);
  writer.apply(sumsOf(rows), { firstOffset: 12, nextOffset: 15 });
  writer.release();
  expect(writer.apply(sumsOf(rowsFrom(15, ['x'])), { nextOffset: 16 })).toEqual({ type: 'fenced' });
  const batch = log.lines[1];
  expect(log.lines).toEqual(['acquired 1 at 10', batch, 'released 1', 'refused 15 to 15, 1 records']);
  expect(batch).toMatchObject({ ticket: 1, epoch: 1, firstOffset: 12, nextOffset: 15, records: 3, words: 3 });
  expect(lastBatch(table)).toEqual(batch);
});

test('the table identifies the last batch of a member that ends at any write', () => {
  const outcomes = { before: 0, after: 0, replayed: 0 };
  for (let writes = 0; ; writes += 1) {
    const table = createTable({ nextOffset: 0, limitBytes: 1 << 20, slotsLog2: 2 });
    const steady = new TableWriter(table, new Log(table));
    steady.claim(1);
    steady.apply(sumsOf(rowsFrom(0, ['to be', 'or not'])), { nextOffset: 2 });
    steady.release();
    const first = lastBatch(table);
    const log = new Log(table);
    try {
      const writer = new TableWriter(dyingMemory(table, writes), log);
      writer.claim(2);
      writer.apply(sumsOf(rowsFrom(5, ['to be whole', 'again'])), { firstOffset: 5, nextOffset: 7 });
      break;
    } catch (error) {
      if (!(error instanceof Killed)) throw error;
    }
    if (leaseOwner(table) === undefined) continue;
    const outcome = recover(table);
    const last = lastBatch(table);
    if (last?.nextOffset === 2) {
      // The rest is the next batch's by now.
      expect(last).toMatchObject({ ticket: first?.ticket, epoch: 1 });
      expect(log.lines.some((line) => typeof line !== 'string')).toBe(false);
      outcomes.before += 1;
    } else {
      expect(last).toMatchObject({ epoch: 2, firstOffset: 5, nextOffset: 7, records: 2, words: 4 });
      expect(digestOf(last ?? expect.fail('no batch'))).toBe(
        BigInt.asUintN(64, naiveDigest(3, 5, 11) + naiveDigest(3, 6, 5)),
      );
      outcomes[outcome === 'replayed' ? 'replayed' : 'after'] += 1;
    }
  }
  expect(Math.min(outcomes.before, outcomes.after, outcomes.replayed)).toBeGreaterThan(0);
});
