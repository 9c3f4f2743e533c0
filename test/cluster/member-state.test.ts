import { expect, test } from 'vitest';
import { nextState, partitionsOf, type MemberStateEvent, type MemberState } from '../../src/cluster/member-state.ts';
import type { MemberId, Partition } from '../../src/protocol/ids.ts';

const memberId = 0 as MemberId;
const partitions = (...numbers: number[]): Partition[] => numbers as Partition[];
const assigned = (owned: number[], waiting: number[] = []): MemberStateEvent => ({
  type: 'assigned',
  memberId,
  partitions: partitions(...owned),
  waiting: partitions(...waiting),
});
const revoked = (...gone: number[]): MemberStateEvent => ({
  type: 'revoked',
  memberId,
  partitions: partitions(...gone),
  lost: false,
});

function live(events: readonly MemberStateEvent[]): MemberState {
  return events.reduce<MemberState>((state, event) => nextState(state, event), { phase: 'starting' });
}

const life: [string, readonly MemberStateEvent[], MemberState][] = [
  ['asks to join', [{ type: 'joining', memberId }], { phase: 'joining' }],
  ['is assigned', [assigned([0, 3])], { phase: 'assigned', partitions: partitions(0, 3), waiting: [] }],
  ['is a standby without partitions', [assigned([])], { phase: 'standby' }],
  ['waits for a table', [assigned([], [2])], { phase: 'assigned', partitions: [], waiting: partitions(2) }],
  [
    'releases one partition',
    [assigned([0, 3]), revoked(0)],
    { phase: 'assigned', partitions: partitions(3), waiting: [] },
  ],
  ['releases all partitions and joins again', [assigned([0, 3]), revoked(0, 3)], { phase: 'joining' }],
  ['drains what it has', [assigned([1]), { type: 'drainAsked' }], { phase: 'draining', partitions: partitions(1) }],
  [
    'is assigned while it drains',
    [assigned([1]), { type: 'drainAsked' }, assigned([1, 2])],
    { phase: 'draining', partitions: partitions(1, 2) },
  ],
  [
    'leaves',
    [assigned([1]), { type: 'drainAsked' }, { type: 'left', memberId }, { type: 'exited' }],
    { phase: 'left' },
  ],
  ['crashes', [assigned([1]), { type: 'exited' }], { phase: 'crashed' }],
  ['crashes while it drains', [assigned([1]), { type: 'drainAsked' }, { type: 'exited' }], { phase: 'crashed' }],
  ['is not drained after its end', [{ type: 'exited' }, { type: 'drainAsked' }], { phase: 'crashed' }],
];

test.each(life)('a member %s', (_, events, expected) => {
  expect(live(events)).toEqual(expected);
});

test('a member no longer holds a partition whose write was refused', () => {
  const state = live([assigned([0, 1]), { type: 'writeRefused', memberId, partition: 1 as Partition }]);
  expect(partitionsOf(state)).toEqual([0]);
});
