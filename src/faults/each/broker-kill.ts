import { chooseBroker } from '../fault-target.ts';
import type { Fault } from '../fault.ts';
import { killedNodes } from './killed-node.ts';

/** One of two brokers: the other has everything that was acknowledged. */
export const brokerKill: Fault = {
  kind: 'broker-kill',
  aim: (target, choice) => {
    const nodeId = chooseBroker(target, choice);
    if (nodeId === undefined || target.managed === undefined) return undefined;
    return killedNodes(target.managed, [nodeId], `broker ${nodeId}`);
  },
};
