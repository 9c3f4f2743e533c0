import { expect, test } from 'vitest';
import type { GroupSnapshot } from '../../src/cluster/snapshot.ts';
import { accountingDifferences, accountingOf } from '../../src/results/accounting.ts';
import type { LaneTarget } from '../../src/benchmark/lane-target.ts';
import { createMeter, readMeter } from '../../src/protocol/cells/meter.ts';
import type { MemberId, Partition } from '../../src/protocol/ids.ts';

const target: LaneTarget = {
  lane: 'drain',
  workUs: 0,
  beginOffsets: [0, 10],
  endOffsets: [100, 60],
  reference: { records: 150, words: 0, counts: new Map() },
};

/** Tables of the two partitions as [nextOffset, records]. */
function account(...tables: readonly (readonly [number, number])[]) {
  const snapshot: GroupSnapshot = {
    groupId: 'g',
    lost: [],
    partitions: tables.map(([nextOffset, records], index) => ({
      partition: index as Partition,
      owner: undefined,
      nextOffset,
      records,
    })),
    members: [
      {
        memberId: 0 as MemberId,
        groupInstanceId: undefined,
        phase: 'left',
        partitions: [],
        meter: { ...readMeter(createMeter()), recordsBelowNext: 5, recordsNotOwned: 6, batchesFenced: 1 },
      },
    ],
    records: tables.reduce((sum, [, records]) => sum + records, 0),
    words: 0,
    bytes: 0,
    refused: 1,
  };
  return accountingOf(snapshot, target);
}

test('reports only refused writes when every record is counted once', () => {
  const accounting = account([100, 100], [60, 50]);
  expect(accounting).toMatchObject({ produced: 150, counted: 150, countedTwice: [], lost: [], remainder: 0 });
  expect(accounting.refused).toEqual({ alreadyCounted: 5, notOwner: 6, fencedBatches: 1 });
  expect(accountingDifferences(accounting)).toEqual([]);
});

test.each([
  [
    'reports the offsets that a partition did not reach as a lost range',
    [
      [90, 90],
      [60, 50],
    ],
    'partition 0: offsets 90 to 99 lost',
    0,
  ],
  [
    'reports surplus records as counted twice',
    [
      [100, 103],
      [60, 50],
    ],
    'partition 0: 3 records counted twice',
    0,
  ],
  [
    'reports a shortfall without a range as unaccounted for',
    [
      [100, 100],
      [60, 48],
    ],
    '2 records unaccounted for',
    2,
  ],
] as const)('%s', (_, [first, second], line, remainder) => {
  const accounting = account(first, second);
  expect(accounting.remainder).toBe(remainder);
  expect(accountingDifferences(accounting)).toEqual([line]);
});

test('lost records and records counted twice do not cancel each other out', () => {
  const accounting = account([95, 95], [60, 55]);
  expect(accounting).toMatchObject({ produced: 150, counted: 150, remainder: 0 });
  expect(accountingDifferences(accounting)).toHaveLength(2);
});
