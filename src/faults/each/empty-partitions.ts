import { shareOfPartitions } from './share-of-partitions.ts';

/** Nothing new in the others: their owners have to stay members all the same. */
export const emptyPartitions = shareOfPartitions('empty-partitions', { one: 1, others: 0 });
