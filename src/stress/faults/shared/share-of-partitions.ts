import { choosePartition, type FaultChoice, type FaultWorld } from '../fault-world.ts';
import type { Aim } from '../fault.ts';

/**
 * Divides the produced records between one partition and all others together, until the fault ends.
 */
export function shareOfPartitions(
  world: FaultWorld,
  choice: FaultChoice,
  shares: { readonly one: number; readonly others: number },
): Aim {
  const { feed, partitions } = world;
  const chosen = choosePartition(world, choice);
  return {
    text: `partition ${chosen}`,
    begin: () => {
      const all = Array.from({ length: partitions }, (_, index) => index);
      feed.share(all.map((partition) => (partition === chosen ? shares.one : shares.others / (partitions - 1))));
      return Promise.resolve(() => {
        feed.share(all.map(() => 1));
        return Promise.resolve();
      });
    },
  };
}
