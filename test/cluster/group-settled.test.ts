import { expect, test } from 'vitest';
import { groupSettled } from '../../src/cluster/group-settled.ts';
import type { MemberState } from '../../src/cluster/member-state.ts';
import type { Partition } from '../../src/protocol/ids.ts';

const owner = (...numbers: number[]): MemberState => ({
  phase: 'assigned',
  partitions: numbers as Partition[],
  waiting: [],
});
const standby: MemberState = { phase: 'standby' };

test.each<[string, MemberState[]]>([
  ['one member has all', [owner(0, 1, 2, 3)]],
  ['two have two each', [owner(0, 3), owner(1, 2)]],
  ['three share four', [owner(0, 1), owner(2), owner(3)]],
  ['a fifth is a standby', [owner(0), owner(1), owner(2), owner(3), standby]],
  ['the dead do not count', [{ phase: 'crashed' }, owner(0, 1, 2, 3), { phase: 'left' }]],
])('settled when %s', (_, states) => {
  expect(groupSettled(states, 4)).toBe(true);
});

test('settled in a shared group when the members of this process have their tables', () => {
  expect(groupSettled([owner(0), standby], undefined)).toBe(true);
  expect(groupSettled([], undefined)).toBe(false);
  const waiting = { phase: 'assigned', partitions: [], waiting: [1] as Partition[] } as const;
  expect(groupSettled([owner(0), waiting], undefined)).toBe(false);
});

test.each<[string, MemberState[]]>([
  ['there are no members', []],
  ['a partition has no owner', [owner(0, 1), owner(2)]],
  ['a partition has two owners', [owner(0, 1), owner(1, 2)]],
  ['one still joins', [owner(0, 1, 2, 3), { phase: 'joining' }]],
  ['one has nothing though there is enough', [owner(0, 1, 2, 3), standby]],
  [
    'a table is still held by another',
    [{ phase: 'assigned', partitions: [0, 1, 2] as Partition[], waiting: [3] as Partition[] }],
  ],
  ['one drains', [owner(0, 1), { phase: 'draining', partitions: [2, 3] as Partition[] }]],
])('not settled when %s', (_, states) => {
  expect(groupSettled(states, 4)).toBe(false);
});
