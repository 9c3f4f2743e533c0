import { chooseMember } from '../fault-target.ts';
import type { Fault } from '../fault.ts';

/**
 * The thread ends at its next instruction: nothing is handed over, the client sends no LeaveGroup. In half of the cases nobody
 * leaves the group in its name either, and the group learns of it by silence.
 */
export const crash: Fault = {
  kind: 'crash',
  aim: (target, choice) => {
    const member = chooseMember(target, choice);
    if (member === undefined) return undefined;
    const { memberId } = member;
    const leaveForIt = choice.random() < 0.5;
    return {
      text: `member ${memberId}${leaveForIt ? '' : ', in silence'}`,
      members: [memberId],
      begin: async () => {
        await target.supervisor.killMember(memberId, { leaveForIt });
        return undefined;
      },
    };
  },
};
