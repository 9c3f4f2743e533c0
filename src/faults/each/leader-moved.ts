import type { Fault } from '../fault.ts';
import { movedLeader } from './moved-leader.ts';

/** Fetches go to a broker that no longer leads, until the client has learnt who does. */
export const leaderMoved: Fault = {
  kind: 'leader-moved',
  aim: (target, choice) => {
    const partition = choice.wanted ?? Math.floor(choice.random() * target.partitions);
    return movedLeader(target, choice, { topic: target.topic, partition, text: `partition ${partition}` });
  },
};
