import { shareOfPartitions } from './share-of-partitions.ts';

/** 99 of 100 records in one partition. */
export const hotPartition = shareOfPartitions('hot-partition', { one: 99, others: 1 });
