import { describe, expect, test } from 'vitest';
import { createTable } from '../../src/count/layout.ts';
import { fence, leaseOwner } from '../../src/count/lease.ts';
import { recover } from '../../src/count/recovery.ts';
import { TableReader } from '../../src/count/table-reader.ts';
import { TableWriter, type ApplyResult } from '../../src/count/table-writer.ts';
import {
  contentOf,
  copyTable,
  emptyContent,
  sumsOf,
  withBatch,
  type Batch,
  type TableContent,
} from '../count/known-table.ts';
import { dyingMemory, Killed, SteppedMemory } from '../count/stepped-memory.ts';

const first: Batch = ['to be or not', 'to be'];
const last: Batch = ['that is the question', 'to be'];
const before = withBatch(emptyContent(100), first);

const batches: [name: string, batch: Batch][] = [
  ['known words only', ['to be', 'or not', 'to', 'be']],
  ['no word at all', ['', '—']],
  ['known and new words', ['to dream', 'be']],
  ['more words than slots', ['whether tis nobler in the mind to suffer', 'the slings and arrows']],
  ['a word larger than all memory so far', [`to ${'m'.repeat(70_000)}`]],
];

/**
 * A table that holds the first batch and has no owner. It begins with four slots, so that a few
 * words make it grow.
 */
function prepared(): SharedArrayBuffer {
  const table = createTable({ nextOffset: 100, limitBytes: 1 << 20, slotsLog2: 2 });
  expect(applyAs(1, table, first)).toEqual({ type: 'applied' });
  return table;
}

/** Claims the table, applies a batch, and releases the table. */
function applyAs(owner: number, table: SharedArrayBuffer | SteppedMemory, batch: Batch): ApplyResult {
  const writer = new TableWriter(table);
  expect(writer.claim(owner)).toBeDefined();
  const result = writer.apply(sumsOf(batch), { nextOffset: writer.nextOffset + batch.length });
  writer.release();
  return result;
}

/** @returns whether `run` was killed */
function dies(run: () => void): boolean {
  try {
    run();
    return false;
  } catch (error) {
    if (error instanceof Killed) return true;
    throw error;
  }
}

/** All points of a short run; of a long one its begin, its end, and some between. */
function pointsOf(run: (memory: SteppedMemory) => void): number[] {
  let writes = 0;
  run(
    new SteppedMemory(prepared(), (access) => {
      if (access === 'write') writes += 1;
    }),
  );
  const all = Array.from({ length: writes }, (_, point) => point);
  return writes < 2000 ? all : all.filter((point) => point < 300 || point > writes - 300 || point % 211 === 0);
}

/**
 * Another member completes what a dead member left: at the first attempt, or at the second when the
 * first one dies, at whichever of its writes.
 */
function expectRecovery(crashed: SharedArrayBuffer, after: TableContent): 'replayed' | 'dropped' | 'complete' {
  const whole = copyTable(crashed);
  const outcome = recover(whole);
  const content = contentOf(whole);
  for (let writes = 0; ; writes += 1) {
    const again = copyTable(crashed);
    if (!dies(() => recover(dyingMemory(again, writes)))) break;
    recover(again);
    expect(contentOf(again)).toEqual(content);
  }
  const complete = content?.nextOffset === after.nextOffset;
  if (outcome === 'replayed') expect(complete).toBe(true);
  const expected = complete ? after : before;
  expect(content).toEqual(expected);
  expect(leaseOwner(whole)).toBeUndefined();
  expect(applyAs(2, whole, last)).toEqual({ type: 'applied' });
  expect(contentOf(whole)).toEqual(withBatch(expected, last));
  return outcome === 'dropped' && complete ? 'complete' : outcome;
}

describe.each(batches)('a batch with %s', (_, batch) => {
  const after = withBatch(before, batch);

  test('is applied as a whole or not at all, whichever write its member ends at', () => {
    const outcomes = { unowned: 0, dropped: 0, replayed: 0, complete: 0 };
    for (const point of pointsOf((memory) => applyAs(1, memory, batch))) {
      const crashed = prepared();
      expect(dies(() => applyAs(1, dyingMemory(crashed, point), batch))).toBe(true);
      const { nextOffset, records, words } = new TableReader(crashed).progress();
      expect([before, after]).toContainEqual(expect.objectContaining({ nextOffset, records, words }));
      if (leaseOwner(crashed) === undefined) {
        expect(contentOf(crashed)).toEqual(before);
        outcomes.unowned += 1;
      } else {
        outcomes[expectRecovery(crashed, after)] += 1;
      }
    }
    // Before the claim; before the seal; before the journal is freed; on the way of the lease out
    // of `applying` and to be free.
    expect(outcomes.unowned).toBe(1);
    expect(outcomes.dropped).toBeGreaterThan(40);
    expect(outcomes.replayed).toBeGreaterThan(3);
    expect(outcomes.complete).toBe(3);
  });

  test('is visible as a whole or not at all to a reader that starts at any of its writes', () => {
    for (const point of pointsOf((memory) => applyAs(1, memory, batch))) {
      const table = prepared();
      let seen: TableContent | undefined;
      let left = point;
      const memory = new SteppedMemory(table, (access) => {
        if (access === 'write' && left-- === 0) seen = contentOf(table);
      });
      applyAs(1, memory, batch);
      if (seen !== undefined) expect([before, after]).toContainEqual(seen);
    }
  });

  test('is visible as a whole or not at all to a reader that it interrupts', () => {
    for (let point = 0; ; point += 1) {
      const table = prepared();
      let left = point;
      const memory = new SteppedMemory(table, () => {
        if (left-- === 0) applyAs(1, table, batch);
      });
      const reader = new TableReader(memory);
      const { nextOffset, records, words } = reader.progress();
      expect([before, after]).toContainEqual(expect.objectContaining({ nextOffset, records, words }));
      const snapshot = reader.snapshot();
      const counts = new Map([...(snapshot ?? [])].map(({ word, count }) => [word, count]));
      expect([before, after]).toContainEqual({ ...snapshotTotals(snapshot?.progress), counts });
      if (left >= 0) break;
    }
  });

  test('can be fenced before it begins to write, but not later', () => {
    const points = pointsOf((memory) => applyAs(1, memory, batch));
    for (const point of points) {
      const table = prepared();
      let answer: ReturnType<typeof fence> | undefined;
      let left = point;
      const memory = new SteppedMemory(table, (access) => {
        if (access === 'write' && left-- === 0) answer = fence(table, 1);
      });
      const result = applyAs(1, memory, batch);
      // Writes 0 and 1 are the claim's; before 2 the lease is held, and before the last but one it
      // is held again.
      expect(result).toEqual({ type: point === 2 ? 'fenced' : 'applied' });
      const expected = point === 0 ? 'not held' : point === 2 || point === points.at(-2) ? 'fenced' : 'busy';
      expect(answer).toBe(expected);
      expect(contentOf(table)).toEqual(point === 2 ? before : after);
      expect(new TableReader(table).progress().refused).toBe(point === 2 ? 1 : 0);
    }
  });
});

function snapshotTotals(totals: Omit<TableContent, 'counts'> | undefined): Omit<TableContent, 'counts'> {
  const { nextOffset, records, words } = totals ?? emptyContent(0);
  return { nextOffset, records, words };
}
