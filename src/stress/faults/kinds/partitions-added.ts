import { withOperator } from '../../../kafka/kafkajs/operator.ts';
import { defineFault, instant } from '../fault.ts';
import { produceOwn } from '../shared/own-records.ts';

const timeoutMs = 10_000;
const addedEach = 2;
/** Partitions that the topic may have: a run may use this fault more than once. */
const partitionsMax = 12;
const recordsEach = 500;

/** The topic grows. The new partitions must be counted from their first record. */
export const partitionsAdded = defineFault({
  kind: 'partitions-added',
  does: 'adds two partitions to the topic, with records in them',
  scope: 'topic',
  lane: 'topic',
  durationMs: instant,
  needs: 'kafka',
  aim: (world) => {
    const { feed, connection, topic } = world;
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
        try {
          await produceOwn(world, records);
        } catch (error) {
          // Some of them may be in the log.
          feed.lostTrack();
          throw error;
        }
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
});
