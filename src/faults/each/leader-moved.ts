import { choosePartition } from '../fault-target.ts';
import type { Fault } from '../fault.ts';
import { movedLeader } from './moved-leader.ts';

/** Fetches go to a broker that no longer leads, until the client has learnt who does. */
export const leaderMoved: Fault = {
  kind: 'leader-moved',
  aim: (target, choice) => {
    const partition = choosePartition(target, choice);
    return movedLeader(target, choice, { topic: target.topic, partition, text: `partition ${partition}` });
  },
};
