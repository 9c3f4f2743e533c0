import { chooseBroker, type BrokerWorld } from '../fault-world.ts';
import { defineFault } from '../fault.ts';
import { killedNodes } from '../shared/killed-node.ts';

/** Kills one of two brokers; the other has every acknowledged record. */
export const brokerKill = defineFault({
  kind: 'broker-kill',
  does: 'kills a broker (SIGKILL), then restarts it',
  scope: 'broker',
  lane: 'broker',
  durationMs: [500, 3_000],
  needs: 'managed',
  endsProcesses: true,
  aim: (world: BrokerWorld, choice) => {
    const nodeId = chooseBroker(world, choice);
    if (nodeId === undefined || world.managed === undefined) return undefined;
    return killedNodes(world.managed, [nodeId], `broker ${nodeId}`);
  },
});
