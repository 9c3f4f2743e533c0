import { brokerIds, chooseMember } from '../fault-world.ts';
import { defineFault } from '../fault.ts';
import { cutLink } from '../shared/cut-link.ts';

/** The group continues without the member, and the member must not continue without the group. */
export const cutAll = defineFault({
  kind: 'cut-all',
  does: 'blocks traffic between a member and all brokers, in one direction or both',
  scope: 'network',
  lane: 'none',
  durationMs: [500, 4_500],
  needs: 'managed',
  aim: (world, choice) => {
    const member = chooseMember(world, choice);
    return member && cutLink(world, choice, { memberId: member.memberId, nodeIds: brokerIds(world) });
  },
});
