import { chooseMember } from '../fault-world.ts';
import { defineFault, instant } from '../fault.ts';

/**
 * The thread ends at its next instruction: it releases nothing and its client sends no LeaveGroup.
 * In half of the cases the supervisor sends none for it either, and the group notices at the end of
 * the session.
 */
export const crash = defineFault({
  kind: 'crash',
  does: "terminates a member's thread, which sends no LeaveGroup",
  scope: 'member',
  lane: 'none',
  durationMs: instant,
  memberEffect: 'ends',
  inSelfTest: true,
  aim: (world, choice) => {
    const member = chooseMember(world, choice);
    if (member === undefined) return undefined;
    const { memberId } = member;
    const leaveForIt = choice.random() < 0.5;
    return {
      text: `member ${memberId}${leaveForIt ? '' : ', in silence'}`,
      members: [memberId],
      ...(leaveForIt ? {} : { silent: true }),
      begin: async () => {
        await world.supervisor.killMember(memberId, { leaveForIt });
        return undefined;
      },
    };
  },
});
