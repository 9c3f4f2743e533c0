import { chooseMember } from '../fault-target.ts';
import type { Fault } from '../fault.ts';

/** The thread ends at its next instruction: nothing is handed over, the client sends no LeaveGroup. */
export const crash: Fault = {
  kind: 'crash',
  aim: (target, choice) => {
    const member = chooseMember(target, choice);
    if (member === undefined) return undefined;
    const { memberId } = member;
    return {
      text: `member ${memberId}`,
      members: [memberId],
      begin: async () => {
        await target.supervisor.killMember(memberId);
        return undefined;
      },
    };
  },
};
