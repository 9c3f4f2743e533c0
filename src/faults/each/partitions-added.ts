import { withOperator } from '../../kafka/operator.ts';
import type { Fault } from '../fault.ts';
import { produceOwn } from './own-records.ts';

const timeoutMs = 10_000;
const addedEach = 2;
/** Of the topic: a run may use the fault more than once. */
const partitionsMax = 12;
const recordsEach = 500;

/** The topic grows. What lies in the new partitions must be counted from its first record. */
export const partitionsAdded: Fault = {
  kind: 'partitions-added',
  aim: (target) => {
    const { feed, connection, topic } = target;
    const before = feed.recordsByPartition.length;
    const after = before + addedEach;
    if (after > partitionsMax) return undefined;
    return {
      text: `from ${before} partitions to ${after}`,
      begin: async () => {
        await withOperator(connection, timeoutMs, (operator) => operator.addPartitions(topic, after));
        const records = Array.from({ length: addedEach }, (_, index) => {
          const partition = before + index;
          return { partition, value: Buffer.from(`new partition ${partition}`), count: recordsEach };
        });
        await produceOwn(target, records);
        for (const { partition, value, count } of records) {
          feed.added(
            partition,
            Array.from({ length: count }, () => value),
          );
        }
        return undefined;
      },
    };
  },
};
