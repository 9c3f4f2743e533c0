/**
 * The test of one kind of fault. Copy it for a new kind: aim at a live group and check the aim,
 * begin the fault and check its effect on the group, then end it and check that the group recovers.
 * A kind that needs brokers of this process has its test in test/broker/.
 */
import { expect, test } from 'vitest';
import { liveMembers, type FaultChoice } from '../../../../src/stress/faults/fault-world.ts';
import { crash } from '../../../../src/stress/faults/kinds/crash.ts';
import { eventually } from '../../../support/eventually.ts';
import { liveGroup, timeoutMs } from '../live-group.ts';

const group = liveGroup();
const never = new AbortController().signal;

/** Draws below 0.5 crash with a LeaveGroup by the supervisor, others without. */
function choice(draw: number, requested?: number): FaultChoice {
  return { random: () => draw, requested, durationMs: 0 };
}

test('in half of the cases nothing sends LeaveGroup for the member, and the aim reports it', () => {
  const [withLeave, silent] = [0.2, 0.7].map((draw) => crash.aim(group().world, choice(draw)));
  expect(withLeave?.silent).toBeUndefined();
  expect(withLeave?.text).toMatch(/^member \d+$/);
  expect(silent?.silent).toBe(true);
  expect(silent?.text).toMatch(/^member \d+, in silence$/);
});

test('a number that no live member has falls back to the draw', () => {
  const { world } = group();
  expect(crash.aim(world, choice(0, 999))?.members).toEqual(crash.aim(world, choice(0))?.members);
});

test('the requested member ends at once, is replaced, and the others continue', async () => {
  const { world, tested } = group();
  const [other, requested] = liveMembers(world).map(({ memberId }) => memberId);
  if (other === undefined || requested === undefined) throw new Error('the group has fewer than two members');
  const aim = crash.aim(world, choice(0.2, requested));
  expect(aim?.members).toEqual([requested]);
  // An instant fault has nothing to undo.
  expect(await aim?.begin(never)).toBeUndefined();
  expect(tested.supervisor.snapshot().members.find(({ memberId }) => memberId === requested)?.phase).toBe('crashed');
  await eventually('it is replaced', () => liveMembers(world).length === 2, timeoutMs);
  expect(liveMembers(world).map(({ memberId }) => memberId)).toContain(other);
});
