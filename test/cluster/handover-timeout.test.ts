import { expect, test } from 'vitest';
import { HandoverTimeout } from '../../src/cluster/handover-timeout.ts';
import type { MemberId, Partition } from '../../src/protocol/ids.ts';

const [a, b] = [0 as MemberId, 1 as MemberId];
const p = 3 as Partition;
const waits = (...members: MemberId[]): Map<MemberId, Partition[]> => new Map(members.map((member) => [member, [p]]));

test('a partition is overdue when the same member has waited for it as long as the limit', () => {
  const timeout = new HandoverTimeout(1_000);
  expect([0, 500, 999, 1_000].map((atMs) => timeout.overdue(waits(a), atMs))).toEqual([[], [], [], [p]]);
});

test('the wait starts again after an interruption, and when another member waits', () => {
  const timeout = new HandoverTimeout(1_000);
  expect([timeout.overdue(waits(a), 0), timeout.overdue(waits(), 900), timeout.overdue(waits(a), 1_000)]).toEqual([
    [],
    [],
    [],
  ]);
  expect([
    timeout.overdue(waits(b), 1_900),
    timeout.overdue(waits(b), 2_899),
    timeout.overdue(waits(b), 2_900),
  ]).toEqual([[], [], [p]]);
});

test('a member whose lease was revoked has no claim until the group has revoked the partition', () => {
  const timeout = new HandoverTimeout(1_000);
  timeout.leaseRevoked(a, p);
  expect([timeout.overdue(waits(a), 0), timeout.overdue(waits(a), 5_000)]).toEqual([[], []]);
  expect([timeout.overdue(waits(a, b), 5_000), timeout.overdue(waits(a, b), 6_000)]).toEqual([[], [p]]);
  timeout.onRevoked(a, [p]);
  expect([timeout.overdue(waits(a), 7_000), timeout.overdue(waits(a), 8_000)]).toEqual([[], [p]]);
});
