import { brokerIds, type BrokerWorld } from '../fault-world.ts';
import { defineFault } from '../fault.ts';
import { killedNodes } from '../shared/killed-node.ts';

/** Members have no broker to connect to, and must neither end nor spin. */
export const bounceBoth = defineFault({
  kind: 'bounce-both',
  does: 'kills both brokers at once (SIGKILL), then restarts them',
  scope: 'broker',
  lane: 'broker',
  durationMs: [200, 1_500],
  needs: 'managed',
  endsProcesses: true,
  aim: (world: BrokerWorld) => world.managed && killedNodes(world.managed, brokerIds(world), 'both brokers'),
});
