import { defineFault } from '../fault.ts';
import { shareOfPartitions } from '../shared/share-of-partitions.ts';

export const hotPartition = defineFault({
  kind: 'hot-partition',
  does: 'produces 99 of 100 records to one partition',
  scope: 'topic',
  lane: 'topic',
  durationMs: [1_500, 4_000],
  aim: (world, choice) => shareOfPartitions(world, choice, { one: 99, others: 1 }),
});
