import { expect, test } from 'vitest';
import { BatchSums } from '../../src/count/batch-sums.ts';
import { DurableCells } from '../../src/count/durable-cells.ts';
import { changelogOwner, leaseOwner } from '../../src/count/lease.ts';
import { TableReader } from '../../src/count/table-reader.ts';
import { TableWriter } from '../../src/count/table-writer.ts';
import { keyedRow, keyedRowFields } from '../../src/kafka/native/changelog-reader.ts';
import { partitionEnd } from '../../src/kafka/native/consumer.ts';
import { ChangelogFollower, type FollowerOptions } from '../../src/member/changelog-follower.ts';
import type { ChangelogMessage } from '../../src/protocol/changelog-task.ts';
import type { Partition } from '../../src/protocol/ids.ts';
import { createDurable } from '../count/durable-thread.ts';

/** An end of the partition has neither word nor count. */
interface Delivered {
  readonly partition: number;
  readonly offset: number;
  readonly word?: string;
}

/** A changelog thread's work over two tables, and a reader that delivers what the test gives it. */
function following(standby: boolean) {
  const fields = {
    ...{ stride: keyedRowFields, start: keyedRow.valueStart, length: keyedRow.valueLength },
    ...{ keyStart: keyedRow.keyStart, keyLength: keyedRow.keyLength },
  };
  const sums = new BatchSums({ tokenizer: 'unicode', fields });
  sums.reserve({ valuesBytes: 4_096, rowNumbers: 100 * keyedRowFields });
  const batches: (readonly Delivered[])[] = [];
  const assigned: string[] = [];
  const messages: ChangelogMessage[] = [];
  const released: number[] = [];
  const reader: FollowerOptions['reader'] = {
    rows: sums.rows,
    values: sums.values,
    assign: (positions) => assigned.push(positions.map(({ partition, offset }) => `${partition}@${offset}`).join(' ')),
    read: () => {
      const batch = batches.shift() ?? [];
      for (const [index, each] of batch.entries()) write(index, each);
      return batch.length;
    },
  };
  const write = (index: number, { partition, offset, word }: Delivered): void => {
    const at = index * keyedRowFields;
    const start = index * 32;
    sums.rows[at + keyedRow.partition] = partition;
    sums.rows[at + keyedRow.offset] = offset;
    sums.rows[at + keyedRow.valueLength] = word === undefined ? partitionEnd : 8;
    if (word === undefined) return;
    const key = Buffer.from(word);
    const value = Buffer.alloc(8);
    value.writeBigInt64BE(1n);
    sums.values.set(Buffer.concat([key, value]), start);
    sums.rows[at + keyedRow.keyStart] = start;
    sums.rows[at + keyedRow.keyLength] = key.length;
    sums.rows[at + keyedRow.valueStart] = start + key.length;
  };
  const memory = [createDurable(0), createDurable(0)];
  const tables = memory.map(({ table }) => table);
  const durableCells = memory.map(({ cells }) => new DurableCells(cells));
  const follower = new ChangelogFollower({
    ...{ reader, sums, tables, durableCells, followsAll: standby, topicId: undefined },
    releasePages: (bytes) => released.push(bytes.length),
    clock: () => 0,
    post: (message) => messages.push(message),
  });
  const turn = (...batch: readonly Delivered[]): void => {
    batches.push(batch);
    follower.run();
  };
  const [first, second] = durableCells;
  if (first === undefined || second === undefined) throw new Error('there are two tables');
  const restore = (partition: number, request: number, endOffset: number): void => {
    follower.restore({ type: 'restore', partition: partition as Partition, request, endOffset });
  };
  const owners = (): (number | undefined)[] => tables.map((table) => leaseOwner(table));
  return { follower, first, second, tables, assigned, messages, released, turn, restore, owners };
}

test('with standbys, all free tables are followed from their positions', () => {
  const { first, second, assigned, turn, owners } = following(true);
  second.changelogOffset = 9;
  turn();
  expect(owners()).toEqual([changelogOwner, changelogOwner]);
  turn({ partition: 0, offset: 4, word: 'be' }, { partition: 1, offset: 12 }, { partition: 0, offset: 6 });
  expect([first.changelogOffset, second.changelogOffset]).toEqual([6, 12]);
  expect(assigned).toEqual(['0@0 1@9']);
});

test('without standbys, a table is followed only while its restore is ordered', () => {
  const { assigned, turn, restore, owners, first } = following(false);
  turn();
  expect([owners(), assigned]).toEqual([[undefined, undefined], []]);
  first.request = 5;
  restore(0, 5, 3);
  turn();
  expect([owners(), assigned]).toEqual([[changelogOwner, undefined], ['0@0']]);
});

test('a table is granted once the changelog is read up to its end, and then released', () => {
  const { first, turn, restore, owners, messages, tables } = following(true);
  first.request = 5;
  restore(0, 5, 3);
  turn({ partition: 0, offset: 0, word: 'be' }, { partition: 0, offset: 1, word: 'to' });
  expect([first.grant, messages]).toEqual([0, []]);
  // The last offsets below the end are no records: markers of transactions.
  turn({ partition: 0, offset: 3 });
  expect([first.grant, owners()]).toEqual([5, [undefined, changelogOwner]]);
  expect(messages).toEqual([{ type: 'restored', partition: 0, request: 5, words: 2, elapsedMs: 0, nextOffset: 0 }]);
  // It belongs to the member, which may not have claimed it yet.
  turn({ partition: 0, offset: 4, word: 'not' });
  expect([owners()[0], first.changelogOffset]).toEqual([undefined, 3]);
  const writer = new TableWriter(tables[0] ?? new SharedArrayBuffer(0), undefined, first);
  expect(writer.claim(1)).toBeDefined();
});

test('a request that was dropped meanwhile is not granted', () => {
  const { first, turn, restore, owners, messages } = following(false);
  first.request = 5;
  restore(0, 5, 1);
  turn();
  first.dropRequest(5);
  turn({ partition: 0, offset: 0, word: 'be' });
  expect([first.grant, messages, owners()[0]]).toEqual([0, [], undefined]);
});

test('a table that a member holds is restored after its release', () => {
  const { first, turn, restore, tables, messages } = following(false);
  const writer = new TableWriter(tables[0] ?? new SharedArrayBuffer(0), undefined, first);
  writer.claim(1);
  first.request = 5;
  restore(0, 5, 0);
  turn();
  expect([first.grant, messages]).toEqual([0, []]);
  writer.release();
  turn();
  expect(first.grant).toBe(5);
});

test('tables of added partitions are followed, and all are released at the end', () => {
  const { follower, turn, assigned, owners } = following(true);
  const added = createDurable(0);
  turn();
  follower.addTables(2, [added.table], [new DurableCells(added.cells)]);
  turn();
  expect([leaseOwner(added.table), assigned]).toEqual([changelogOwner, ['0@0 1@0', '0@0 1@0 2@0']]);
  follower.stop();
  expect([...owners(), leaseOwner(added.table)]).toEqual([undefined, undefined, undefined]);
});

test('only held tables are followed; others are emptied once they are free, and their memory is released', () => {
  const { follower, first, second, tables, turn, assigned, owners, released, restore } = following(false);
  follower.hold([0, 1]);
  turn();
  expect([owners(), assigned]).toEqual([[changelogOwner, changelogOwner], ['0@0 1@0']]);
  turn({ partition: 0, offset: 0, word: 'be' }, { partition: 1, offset: 0, word: 'to' });
  const words = (): number[] => tables.map((table) => new TableReader(table).progress().distinctWords);
  expect(words()).toEqual([1, 1]);

  follower.hold([0]);
  turn();
  expect([words(), owners(), second.changelogOffset]).toEqual([[1, 0], [changelogOwner, undefined], 0]);
  // The table and its sets of changed words.
  expect(released).toHaveLength(2);
  expect(assigned.at(-1)).toBe('0@1');
  turn();
  expect(released).toHaveLength(2);

  // A member of this process gets the partition, and releases it.
  second.request = 5;
  restore(1, 5, 1);
  turn();
  turn({ partition: 1, offset: 0, word: 'to' });
  expect([second.grant, words()]).toEqual([5, [1, 1]]);
  const writer = new TableWriter(tables[1] ?? new SharedArrayBuffer(0), undefined, second);
  writer.claim(1);
  turn();
  expect(words()).toEqual([1, 1]);
  second.dropRequest(5);
  writer.release();
  turn();
  expect([words(), first.changelogOffset, owners()[1]]).toEqual([[1, 0], 1, undefined]);
});

test('before the group was looked at, tables are neither followed nor emptied', () => {
  const { second, turn, owners, released } = following(false);
  second.changelogOffset = 9;
  turn();
  expect([owners(), second.changelogOffset, released]).toEqual([[undefined, undefined], 9, []]);
});
