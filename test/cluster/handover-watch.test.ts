import { expect, test } from 'vitest';
import { HandoverWatch } from '../../src/cluster/handover-watch.ts';
import type { MemberId, Partition } from '../../src/protocol/ids.ts';

const [a, b] = [0 as MemberId, 1 as MemberId];
const p = 3 as Partition;
const waits = (...members: MemberId[]): Map<MemberId, Partition[]> => new Map(members.map((member) => [member, [p]]));

test('a partition is overdue when the same member has waited for it as long as the limit', () => {
  const watch = new HandoverWatch(1_000);
  expect([0, 500, 999, 1_000].map((atMs) => watch.look(waits(a), atMs))).toEqual([[], [], [], [p]]);
});

test('the wait begins anew when it was interrupted, and when another member waits', () => {
  const watch = new HandoverWatch(1_000);
  expect([watch.look(waits(a), 0), watch.look(waits(), 900), watch.look(waits(a), 1_000)]).toEqual([[], [], []]);
  expect([watch.look(waits(b), 1_900), watch.look(waits(b), 2_899), watch.look(waits(b), 2_900)]).toEqual([
    [],
    [],
    [p],
  ]);
});

test('who was fenced has no claim until it gave the partition back', () => {
  const watch = new HandoverWatch(1_000);
  watch.fenced(a, p);
  expect([watch.look(waits(a), 0), watch.look(waits(a), 5_000)]).toEqual([[], []]);
  expect([watch.look(waits(a, b), 5_000), watch.look(waits(a, b), 6_000)]).toEqual([[], [p]]);
  watch.gaveBack(a, [p]);
  expect([watch.look(waits(a), 7_000), watch.look(waits(a), 8_000)]).toEqual([[], [p]]);
});
