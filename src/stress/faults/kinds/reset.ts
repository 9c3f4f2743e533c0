import { brokerIds, chooseMember, clientIdPrefix } from '../fault-world.ts';
import { defineFault, instant } from '../fault.ts';

/** Half of a response arrives, then a reset: no record of it may have been counted. */
export const reset = defineFault({
  kind: 'reset',
  does: "resets a member's connections in the middle of a response",
  scope: 'network',
  lane: 'none',
  durationMs: instant,
  needs: 'managed',
  aim: (world, choice) => {
    const member = chooseMember(world, choice);
    const { proxy } = world;
    if (member === undefined || proxy === undefined) return undefined;
    const { memberId } = member;
    return {
      text: `member ${memberId}`,
      members: [memberId],
      begin: () => {
        proxy.resetInMidResponse({ clientIdPrefix: clientIdPrefix(world, memberId), nodeIds: brokerIds(world) });
        return Promise.resolve(undefined);
      },
    };
  },
});
