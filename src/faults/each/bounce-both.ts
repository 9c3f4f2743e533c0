import { brokerIds } from '../fault-target.ts';
import type { Fault } from '../fault.ts';
import { killedNodes } from './killed-node.ts';

/** Nobody is left to talk to: members must neither end nor spin. */
export const bounceBoth: Fault = {
  kind: 'bounce-both',
  aim: (target) => target.managed && killedNodes(target.managed, brokerIds(target), 'both brokers'),
};
