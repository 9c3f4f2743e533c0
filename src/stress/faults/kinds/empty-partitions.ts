import { defineFault } from '../fault.ts';
import { shareOfPartitions } from '../shared/share-of-partitions.ts';

/** The owners of the other partitions have to remain members without any new record. */
export const emptyPartitions = defineFault({
  kind: 'empty-partitions',
  does: 'produces to one partition only',
  scope: 'topic',
  lane: 'topic',
  durationMs: [1_500, 4_000],
  aim: (world, choice) => shareOfPartitions(world, choice, { one: 1, others: 0 }),
});
