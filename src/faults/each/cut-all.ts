import { brokerIds, chooseMember } from '../fault-target.ts';
import type { Fault } from '../fault.ts';
import { cut } from './cut.ts';

/** A member that reaches nobody: the group goes on without it, and it must not go on without the group. */
export const cutAll: Fault = {
  kind: 'cut-all',
  aim: (target, choice) => {
    const member = chooseMember(target, choice);
    return member && cut(target, choice, { memberId: member.memberId, nodeIds: brokerIds(target) });
  },
};
