import fc from 'fast-check';
import { expect, test } from 'vitest';
import { BatchSums } from '../../src/count/batch-sums.ts';
import { fence } from '../../src/count/lease.ts';
import { TableReader } from '../../src/count/table-reader.ts';
import { Assignment } from '../../src/member/assignment.ts';
import { BatchApplier } from '../../src/member/batch.ts';
import { createMeter, MemberMeter, readMeter } from '../../src/protocol/cells/meter.ts';
import { naiveWords } from '../count/naive-count.ts';
import { ModelClient, type Row } from './model-client.ts';
import { emptyTables, memberId, rowsOf } from './turn-member.ts';

/** A member that owns partitions 0 and 1, but not 2, whose records it must ignore. */
function counter(endOffsets?: readonly number[]) {
  const tables = emptyTables(3);
  const sums = new BatchSums({ tokenizer: 'unicode', fields: rowsOf });
  const client = new ModelClient(sums, 'EAGER');
  const assignment = new Assignment({ memberId, endOffsets }, client, { tables, durableCells: [], history: undefined });
  assignment.assign({ type: 'assign', partitions: [0, 1], lost: false });
  assignment.openGate();
  const meter = createMeter();
  const task = { endOffsets, group: { workUs: 0 } };
  const applier = new BatchApplier(task, client, assignment, { meter: new MemberMeter(meter), sums, clock: () => 0 });
  const take = (rows: readonly Row[]): void => {
    client.batches.push(rows);
    applier.take(client.consumeBatch());
  };
  return { tables, client, assignment, applier, meter: () => readMeter(meter), take };
}

const snapshotOf = (table: SharedArrayBuffer) => {
  const snapshot = new TableReader(table).snapshot();
  if (snapshot === undefined) throw new Error('a table without a writer can be read');
  const counts = Object.fromEntries(Array.from(snapshot, ({ word, count }) => [word, count]));
  const { nextOffset, records, nullRecords } = snapshot.progress;
  return { nextOffset, records, nullRecords, counts };
};

/** The same by a Map over the records of a partition. */
function expected(log: readonly (string | null)[], nextOffset: number, endOffset: number) {
  const records = log.slice(0, Math.min(nextOffset, endOffset));
  const counts: Record<string, number> = {};
  for (const value of records)
    for (const word of naiveWords(Buffer.from(value ?? ''), 'unicode')) counts[word] = (counts[word] ?? 0) + 1;
  return {
    nextOffset: records.length,
    records: records.length,
    nullRecords: records.filter((value) => value === null).length,
    counts,
  };
}

const values = fc.array(
  fc.option(
    fc
      .array(fc.constantFrom('to', 'be', 'or', 'Straße', '—', 'ПРИВЕТ'), { maxLength: 4 })
      .map((words) => words.join(' ')),
  ),
  { minLength: 1, maxLength: 12 },
);
/** What the client delivers next: records of a partition, some of them again, and then a step or not. */
const deliveries = fc.array(
  fc.record({ partition: fc.constantFrom(0, 1, 2), again: fc.nat(3), count: fc.nat(4), applies: fc.boolean() }),
  { minLength: 1, maxLength: 30 },
);

test('each record below the end offset is counted once, however it is delivered', () => {
  const seed = Number(process.env['TEST_SEED'] ?? Date.now() % 1_000_000);
  console.log(`TEST_SEED=${seed}`);
  fc.assert(
    fc.property(fc.tuple(values, values, values), fc.nat(12), deliveries, (logs, endOffset, list) => {
      const { tables, applier, take } = counter([endOffset, endOffset, endOffset]);
      const positions = [0, 0, 0];
      for (const { partition, again, count, applies } of list) {
        const log = logs[partition];
        const from = Math.max(0, (positions[partition] ?? 0) - again);
        const to = Math.min(log.length, (positions[partition] ?? 0) + count);
        take(log.slice(from, to).map((value, index) => ({ partition, offset: from + index, value })));
        positions[partition] = to;
        if (applies) expect(applier.apply()).toEqual([]);
      }
      applier.apply();
      const found = tables.map(snapshotOf);
      expect(found[0]).toEqual(expected(logs[0], positions[0] ?? 0, endOffset));
      expect(found[1]).toEqual(expected(logs[1], positions[1] ?? 0, endOffset));
      expect(found[2]).toEqual(expected(logs[2], 0, endOffset));
    }),
    { seed, numRuns: 300 },
  );
});

test('several batches of a step change the tables at once', () => {
  const { tables, applier, take, meter } = counter();
  take([
    { partition: 0, offset: 0, value: 'to be' },
    { partition: 1, offset: 0, value: 'or' },
  ]);
  take([{ partition: 0, offset: 1, value: 'be' }]);
  expect(tables.map((table) => snapshotOf(table).nextOffset)).toEqual([0, 0, 0]);
  applier.apply();
  expect(tables.map(snapshotOf)[0]).toMatchObject({ nextOffset: 2, counts: { to: 1, be: 2 } });
  expect(meter()).toMatchObject({ records: 3, words: 4, batches: 2 });
});

test('the end of a partition moves its table past offsets without a record', () => {
  const { tables, applier, take, meter } = counter();
  take([
    { partition: 0, offset: 3, value: 'be' },
    { partition: 0, offset: 9, value: undefined },
    { partition: 1, offset: 5, value: undefined },
  ]);
  applier.apply();
  expect(tables.map((table) => snapshotOf(table).nextOffset)).toEqual([9, 5, 0]);
  expect(meter()).toMatchObject({ records: 1, batches: 1 });
});

test('a table whose lease was revoked refuses the step, and the others are changed', () => {
  const { tables, applier, take, meter } = counter();
  take([
    { partition: 0, offset: 0, value: 'to' },
    { partition: 1, offset: 0, value: 'be' },
  ]);
  expect(tables.slice(0, 1).map((table) => fence(table, memberId))).toEqual(['fenced']);
  expect(applier.apply().map(({ partition }) => partition)).toEqual([0]);
  expect(tables.map((table) => snapshotOf(table).nextOffset)).toEqual([0, 1, 0]);
  expect(meter()).toMatchObject({ batchesFenced: 1, records: 1 });
});

test('a partition is paused when its table has reached the end offset', () => {
  const { client, applier, take } = counter([1, 2, 0]);
  take([
    { partition: 0, offset: 0, value: 'to' },
    { partition: 1, offset: 0, value: 'be' },
  ]);
  applier.apply();
  expect([...client.fetched.keys()]).toEqual([1]);
});
