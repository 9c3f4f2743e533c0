import type { BrokerWorld } from '../fault-world.ts';
import { offsetsPartitionOf } from '../../../kafka/kafkajs/operator.ts';
import { defineFault } from '../fault.ts';
import { movedLeader } from '../shared/moved-leader.ts';

/** The other broker has to load the group's members, generation and offsets. */
export const coordinatorMoved = defineFault({
  kind: 'coordinator-moved',
  does: "moves the group's coordinator to one broker, and back",
  scope: 'broker',
  lane: 'broker',
  durationMs: [500, 3_000],
  needs: 'managed',
  aim: (world: BrokerWorld, choice) =>
    movedLeader(world, choice, { ...offsetsPartitionOf(world.group.groupId), text: 'the coordinator' }),
});
