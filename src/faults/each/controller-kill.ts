import type { Fault } from '../fault.ts';
import { killedNodes } from './killed-node.ts';

/** No elections while it lasts; those who lead go on. */
export const controllerKill: Fault = {
  kind: 'controller-kill',
  aim: ({ managed }) => {
    const controller = managed?.nodes.find(({ role }) => role === 'controller');
    if (managed === undefined || controller === undefined) return undefined;
    return killedNodes(managed, [controller.nodeId], 'the controller');
  },
};
