import type { ManagedBrokers } from '../../../brokers/managed-brokers.ts';
import type { Aim } from '../fault.ts';

/** Kills processes of the managed brokers at the same time, and restarts them at the end. */
export function killedNodes(managed: ManagedBrokers, nodeIds: readonly number[], text: string): Aim {
  return {
    text,
    begin: async () => {
      await Promise.all(nodeIds.map((nodeId) => managed.kill(nodeId)));
      return async () => {
        await Promise.all(nodeIds.map((nodeId) => managed.restart(nodeId)));
      };
    },
  };
}
