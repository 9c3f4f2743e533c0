import { offsetsPartitionOf } from '../../kafka/operator.ts';
import type { Fault } from '../fault.ts';
import { movedLeader } from './moved-leader.ts';

/** The group's members, generation and offsets are loaded anew by the other broker. */
export const coordinatorMoved: Fault = {
  kind: 'coordinator-moved',
  aim: (target, choice) =>
    movedLeader(target, choice, { ...offsetsPartitionOf(target.group.groupId), text: 'the coordinator' }),
};
