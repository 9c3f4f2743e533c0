import { chooseBroker, chooseMember } from '../fault-world.ts';
import { defineFault } from '../fault.ts';
import { cutLink } from '../shared/cut-link.ts';

/**
 * The member reaches only one of two brokers: it can't reach the leaders of some of its partitions,
 * or its coordinator.
 */
export const cutOne = defineFault({
  kind: 'cut-one',
  does: 'blocks traffic between a member and one broker, in one direction or both',
  scope: 'network',
  lane: 'none',
  durationMs: [500, 4_000],
  needs: 'managed',
  aim: (world, choice) => {
    const member = chooseMember(world, choice);
    const nodeId = chooseBroker(world, { ...choice, requested: undefined });
    if (member === undefined || nodeId === undefined) return undefined;
    return cutLink(world, choice, { memberId: member.memberId, nodeIds: [nodeId] });
  },
});
