import { expect, test } from 'vitest';
import type { GroupSnapshot } from '../../src/cluster/snapshot.ts';
import type { WordCount } from '../../src/count/top-words.ts';
import type { LaneTarget } from '../../src/benchmark/lane-target.ts';
import { differencesOf } from '../../src/benchmark/verify-run.ts';
import { createMeter, readMeter } from '../../src/protocol/cells/meter.ts';
import type { MemberId, Partition } from '../../src/protocol/ids.ts';

const counts = new Map([
  ['the', 3],
  ['whale', 2],
]);
const target: LaneTarget = {
  lane: 'drain',
  workUs: 0,
  beginOffsets: [0, 10],
  endOffsets: [2, 11],
  reference: { records: 3, words: 5, counts },
};

function snapshot(overrides: Partial<GroupSnapshot> = {}, recordsOfMember = 3): GroupSnapshot {
  const partition = (index: number, nextOffset: number, records: number) => ({
    partition: index as Partition,
    owner: undefined,
    nextOffset,
    records,
  });
  return {
    groupId: 'g',
    partitions: [partition(0, 2, 2), partition(1, 11, 1)],
    members: [
      {
        memberId: 0 as MemberId,
        groupInstanceId: undefined,
        phase: 'left',
        partitions: [],
        meter: { ...readMeter(createMeter()), records: recordsOfMember },
      },
    ],
    lost: [],
    records: 3,
    words: 5,
    bytes: 30,
    refused: 0,
    ...overrides,
  };
}

const words = (entries: Iterable<readonly [string, number]>) => ({
  distinct: 0,
  entries: Array.from(entries, ([word, count]): WordCount => ({ word, count })),
});

test('a run with exact counts has no differences', () => {
  expect(differencesOf(snapshot(), words(counts), target)).toEqual([]);
});

test.each<[string, GroupSnapshot, Iterable<readonly [string, number]>, string[]]>([
  ['a lost record', snapshot({ records: 2 }), counts, ['records: 2 counted, 3 expected']],
  ['a surplus word', snapshot({ words: 6 }), counts, ['words: 6 counted, 5 expected']],
  ['a member that counted twice', snapshot({}, 4), counts, ['records of all members: 4 counted, 3 expected']],
  [
    'equal totals with different counts per word',
    snapshot(),
    new Map([
      ['the', 2],
      ['whale', 3],
    ]),
    ['"the": 2 counted, 3 expected', '"whale": 3 counted, 2 expected'],
  ],
  [
    'a missing and an extra word',
    snapshot(),
    new Map([
      ['the', 3],
      ['white', 2],
    ]),
    ['"whale": 0 counted, 2 expected', '"white": 2 counted, 0 expected'],
  ],
])('reports %s', (_, run, counted, expected) => {
  expect(differencesOf(run, words(counted), target)).toEqual(expected);
});

test('reports a partition that ended early and a table that could not be read', () => {
  const run = snapshot({
    partitions: [{ partition: 0 as Partition, owner: undefined, nextOffset: 1, records: 1 }],
  });
  expect(differencesOf(run, undefined, target)).toEqual([
    'next offset of partition 0: 1 counted, 2 expected',
    'a table could not be read',
  ]);
});

test('truncates a long list and reports the number of omitted words', () => {
  const many = Array.from({ length: 50 }, (_, index) => [`extra${index}`, 1] as const);
  const lines = differencesOf(snapshot(), words([...counts, ...many]), target);
  expect(lines).toHaveLength(6);
  expect(lines.at(-1)).toBe('and 45 more words');
});
