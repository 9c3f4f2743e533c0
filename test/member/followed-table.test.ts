import { expect, test } from 'vitest';
import { BatchSums } from '../../src/count/batch-sums.ts';
import { DurableCells } from '../../src/count/durable-cells.ts';
import { createDurableCells } from '../../src/count/durable-layout.ts';
import { createTable } from '../../src/count/layout.ts';
import { TableReader } from '../../src/count/table-reader.ts';
import { TableWriter } from '../../src/count/table-writer.ts';
import { keyedRow, keyedRowFields } from '../../src/kafka/native/changelog-reader.ts';
import { FollowedTable } from '../../src/member/followed-table.ts';
import { encodeProgress } from '../../src/protocol/changelog-format.ts';
import type { Partition } from '../../src/protocol/ids.ts';

type Keyed = readonly [key: Buffer, value: Buffer];

/** Records of one commit: the counts of words, then its progress. */
function commitOf(
  writer: number,
  commit: number,
  nextOffset: number,
  counts: Readonly<Record<string, number>>,
): Keyed[] {
  const words = Object.entries(counts).map(([word, count]): Keyed => {
    const value = Buffer.alloc(8);
    value.writeBigInt64BE(BigInt(count));
    return [Buffer.from(word), value];
  });
  const progress = {
    ...{ nextOffset, records: nextOffset, nullRecords: 0, bytes: 0, words: 0, digestLow: 0, digestHigh: 0 },
    ...{ writer, commit, topicId: undefined },
  };
  const { bytes, rows, count } = encodeProgress([{ partition: 0, progress }]);
  const part = (start = 0, length = 0): Buffer => Buffer.from(bytes.slice(start, start + length));
  const records = Array.from({ length: count }, (_, index): Keyed => {
    const [, keyStart, keyLength, valueStart, valueLength] = rows.subarray(index * 5, index * 5 + 5);
    return [part(keyStart, keyLength), part(valueStart, valueLength)];
  });
  return [...words, ...records];
}

/** A table of a durable group that no member owns, and what reads its changelog. */
function standby() {
  const table = createTable({ nextOffset: 0, slotsLog2: 4, limitBytes: 1 << 20 });
  const cellsBuffer = createDurableCells();
  const cells = new DurableCells(cellsBuffer);
  const { partition, offset, keyStart, keyLength, valueStart, valueLength } = keyedRow;
  const fields = { stride: keyedRowFields, start: valueStart, length: valueLength, keyStart, keyLength };
  const sums = new BatchSums({ tokenizer: 'unicode', fields });
  sums.reserve({ valuesBytes: 4_096, rowNumbers: 100 * keyedRowFields });
  let discarded = 0;
  const claim = (): FollowedTable => {
    const options = {
      ...{ partition: 0 as Partition, table, cells, sums, topicId: undefined },
      onDiscarded: () => {
        discarded += 1;
      },
    };
    const followed = FollowedTable.claim(options, 7);
    if (followed === undefined) throw new Error('the table is free');
    return followed;
  };
  /** Delivers `records[from, to)`, whose offsets are their indices. */
  const take = (followed: FollowedTable, records: readonly Keyed[], from: number, to: number): boolean => {
    let at = 0;
    for (const [index, [key, value]] of records.slice(from, to).entries()) {
      const row = index * keyedRowFields;
      sums.values.set(key, at);
      sums.values.set(value, at + key.length);
      sums.rows[row + partition] = 0;
      sums.rows[row + offset] = from + index;
      sums.rows[row + keyStart] = at;
      sums.rows[row + keyLength] = key.length;
      sums.rows[row + valueStart] = at + key.length;
      sums.rows[row + valueLength] = value.length;
      at += key.length + value.length;
    }
    return followed.take({ rows: sums.rows, values: sums.values, from: 0, to: to - from });
  };
  /** A member of this process counts a word and dies; its commit may have reached the changelog. */
  const countAndDie = (
    word: string,
    nextOffset: number,
    flight?: { readonly writer: number; readonly commit: number },
  ) => {
    const writer = new TableWriter(table, undefined, cells);
    writer.claim(1);
    const words = new BatchSums({ tokenizer: 'unicode' });
    words.addRecord(Buffer.from(word), 0, Buffer.byteLength(word));
    writer.apply(words, { nextOffset });
    if (flight !== undefined) {
      cells.begin();
      cells.flightWriter = flight.writer;
      cells.flightCommit = flight.commit;
      cells.flightNextOffset = nextOffset;
    }
    writer.release();
  };
  const contents = (): Record<string, number> =>
    Object.fromEntries([...(new TableReader(table).snapshot() ?? [])].map(({ word, count }) => [word, count]));
  return { cells, claim, take, countAndDie, contents, discarded: () => discarded };
}

test('a table takes words and progress of a commit', () => {
  const { claim, take, contents, cells } = standby();
  const followed = claim();
  const records = commitOf(5, 1, 3, { be: 2, to: 1 });
  expect(take(followed, records, 0, records.length)).toBe(true);
  expect(contents()).toEqual({ be: 2, to: 1 });
  expect([followed.nextOffset, followed.position, cells.committedNextOffset]).toEqual([3, records.length, 3]);
});

test('a progress that one follower has read in part is read again by the next one', () => {
  const records = commitOf(5, 1, 3, { be: 2 });
  for (let cut = 1; cut < records.length; cut += 1) {
    const { claim, take, contents } = standby();
    const first = claim();
    take(first, records, 0, cut);
    first.passed(cut);
    first.release();
    const next = claim();
    take(next, records, next.position, records.length);
    expect([next.nextOffset, next.position, contents()]).toEqual([3, records.length, { be: 2 }]);
  }
});

test('the commit that a dead member had in flight completes, and its later words stay', () => {
  const { claim, take, countAndDie, contents, cells, discarded } = standby();
  countAndDie('be', 1, { writer: 5, commit: 1 });
  countAndDie('to', 2);
  const records = commitOf(5, 1, 1, { be: 1 });
  const followed = claim();
  expect(take(followed, records, 0, records.length)).toBe(true);
  expect([followed.nextOffset, cells.committedNextOffset, cells.inFlight, cells.changed]).toEqual([2, 1, 0, 1]);
  expect(contents()).toEqual({ be: 1, to: 1 });
  expect(discarded()).toBe(0);
});

test('a commit of another process empties a table that is ahead, which is then read from the start', () => {
  const { claim, take, countAndDie, contents, discarded } = standby();
  countAndDie('be', 1, { writer: 5, commit: 1 });
  const records = commitOf(6, 1, 2, { be: 1, to: 1 });
  const followed = claim();
  expect(take(followed, records, 0, records.length)).toBe(false);
  expect([followed.position, discarded(), contents()]).toEqual([0, 1, {}]);
  take(followed, records, 0, records.length);
  expect([followed.nextOffset, contents()]).toEqual([2, { be: 1, to: 1 }]);
});

test('a record that is not a count is refused, because other programs must not write to the changelog', () => {
  const { claim, take } = standby();
  const records: Keyed[] = [[Buffer.from('be'), Buffer.from('two')]];
  expect(() => take(claim(), records, 0, 1)).toThrow('partition 0 of the changelog has records that are not counts');
});
