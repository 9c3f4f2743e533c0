import { choosePartition } from '../fault-target.ts';
import type { Fault } from '../fault.ts';
import type { FaultKind } from '../kinds.ts';

/** Gives one partition its share of the records and the others theirs, until the end. */
export function shareOfPartitions(kind: FaultKind, shares: { readonly one: number; readonly others: number }): Fault {
  return {
    kind,
    aim: (target, choice) => {
      const { feed, partitions } = target;
      const chosen = choosePartition(target, choice);
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
    },
  };
}
