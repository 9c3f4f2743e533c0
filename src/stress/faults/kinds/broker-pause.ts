import { chooseBroker, type BrokerWorld } from '../fault-world.ts';
import { defineFault } from '../fault.ts';

/** The connections stay open without a response, which is harder to notice than a dead broker. */
export const brokerPause = defineFault({
  kind: 'broker-pause',
  does: 'pauses a broker (SIGSTOP), then resumes it (SIGCONT)',
  scope: 'broker',
  lane: 'broker',
  durationMs: [500, 5_000],
  needs: 'managed',
  aim: (world: BrokerWorld, choice) => {
    const nodeId = chooseBroker(world, choice);
    const { managed } = world;
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
});
