import { choosePartition, type BrokerWorld } from '../fault-world.ts';
import { defineFault } from '../fault.ts';
import { movedLeader } from '../shared/moved-leader.ts';

/**
 * The client fetches from a broker that no longer leads, until it has learned of the new leader.
 */
export const leaderMoved = defineFault({
  kind: 'leader-moved',
  does: "moves a partition's leader and replicas to one broker, and back",
  scope: 'broker',
  lane: 'broker',
  durationMs: [500, 3_000],
  needs: 'managed',
  aim: (world: BrokerWorld, choice) => {
    const partition = choosePartition(world, choice);
    return movedLeader(world, choice, { topic: world.topic, partition, text: `partition ${partition}` });
  },
});
