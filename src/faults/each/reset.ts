import { brokerIds, chooseMember, clientIdPrefix } from '../fault-target.ts';
import type { Fault } from '../fault.ts';

/** Half of an answer, then a reset: nothing of it may have been counted. */
export const reset: Fault = {
  kind: 'reset',
  aim: (target, choice) => {
    const member = chooseMember(target, choice);
    const { proxy } = target;
    if (member === undefined || proxy === undefined) return undefined;
    const { memberId } = member;
    return {
      text: `member ${memberId}`,
      members: [memberId],
      begin: () => {
        proxy.resetInMidResponse({ clientIdPrefix: clientIdPrefix(target, memberId), nodeIds: brokerIds(target) });
        return Promise.resolve(undefined);
      },
    };
  },
};
