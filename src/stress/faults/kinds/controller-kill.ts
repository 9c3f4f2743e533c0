import type { BrokerWorld } from '../fault-world.ts';
import { defineFault } from '../fault.ts';
import { killedNodes } from '../shared/killed-node.ts';

/** No leader can be elected while it lasts; the present leaders continue. */
export const controllerKill = defineFault({
  kind: 'controller-kill',
  does: 'kills the controller (SIGKILL), then restarts it',
  scope: 'broker',
  lane: 'broker',
  durationMs: [500, 3_000],
  needs: 'managed',
  endsProcesses: true,
  aim: ({ managed }: BrokerWorld) => {
    const controller = managed?.nodes.find(({ role }) => role === 'controller');
    if (managed === undefined || controller === undefined) return undefined;
    return killedNodes(managed, [controller.nodeId], 'the controller');
  },
});
