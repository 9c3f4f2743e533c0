import { createTopic, dropTopic } from '../../../kafka/kafkajs/create-topic.ts';
import { sleep } from '../../../time/sleep.ts';
import type { FaultWorld } from '../fault-world.ts';
import { defineFault, instant } from '../fault.ts';
import { produceOwn } from '../shared/own-records.ts';

const timeoutMs = 20_000;
/**
 * The supervisor checks the topic every two seconds, and must miss it twice before it treats it as
 * deleted.
 */
const stopTimeoutMs = 15_000;
const recordsEach = 2_000;

/**
 * The topic is deleted, and one with the same name is created with other records: the group must
 * stop with an error and count none of them.
 */
export const topicRecreated = defineFault({
  kind: 'topic-recreated',
  does: 'at the end, deletes and recreates the topic: the group has to stop and to count no record of the new topic',
  scope: 'topic',
  lane: 'topic',
  durationMs: instant,
  needs: 'kafka',
  deletesRecords: true,
  endsRun: true,
  aim: (world) => ({
    text: 'the topic',
    begin: async () => {
      const { connection, topic, partitions, supervisor } = world;
      await dropTopic({ connection, topic, timeoutMs });
      await createTopic({ connection, topic, partitions, replicationFactor: undefined, timeoutMs });
      await fill(world);
      await sleep(stopTimeoutMs, undefined, { signal: supervisor.failed }).catch(() => undefined);
      world.onTopicRecreated(supervisor.failed.aborted);
      return undefined;
    },
  }),
});

/** Produces enough records that the next offsets of the old topic exist in the new one as well. */
async function fill(world: FaultWorld): Promise<void> {
  const { partitions, feed } = world;
  const value = Buffer.from('other topic');
  const records = Array.from({ length: partitions }, (_, partition) => {
    return { partition, value, count: (feed.recordsByPartition[partition] ?? 0) + recordsEach };
  });
  await produceOwn(world, records);
}
