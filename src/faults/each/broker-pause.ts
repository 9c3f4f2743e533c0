import { chooseBroker } from '../fault-target.ts';
import type { Fault } from '../fault.ts';

/** The connections stay open and nobody answers, which is harder to notice than a death. */
export const brokerPause: Fault = {
  kind: 'broker-pause',
  aim: (target, choice) => {
    const nodeId = chooseBroker(target, choice);
    const { managed } = target;
    if (nodeId === undefined || managed === undefined) return undefined;
    return {
      text: `broker ${nodeId}`,
      begin: () => {
        managed.pause(nodeId);
        return Promise.resolve(() => {
          managed.resume(nodeId);
          return Promise.resolve();
        });
      },
    };
  },
};
