import { createTopic, dropTopic } from '../../kafka/create-topic.ts';
import { sleep } from '../../metrics/sleep.ts';
import type { FaultTarget } from '../fault-target.ts';
import type { Fault } from '../fault.ts';
import { produceOwn } from './own-records.ts';

const timeoutMs = 20_000;
/** The supervisor looks at the topic every two seconds, and twice before it takes it for gone. */
const stoppedMsMax = 15_000;
const recordsEach = 2_000;

/**
 * The topic is deleted, and one with the same name made in its place, with records of its own: the group must stop with an
 * error and count none of them. Ends the run, so it comes last.
 */
export const topicRecreated: Fault = {
  kind: 'topic-recreated',
  aim: (target) => ({
    text: 'the topic',
    begin: async () => {
      const { connection, topic, partitions, supervisor } = target;
      await dropTopic({ connection, topic, timeoutMs });
      await createTopic({ connection, topic, partitions, replicationFactor: undefined, timeoutMs });
      await fill(target);
      await sleep(stoppedMsMax, undefined, { signal: supervisor.failed }).catch(() => undefined);
      target.recreated(supervisor.failed.aborted);
      return undefined;
    },
  }),
};

/** So many records that the offsets which are counted next in the old topic exist in the new one as well. */
async function fill(target: FaultTarget): Promise<void> {
  const { partitions, feed } = target;
  const value = Buffer.from('other topic');
  const records = Array.from({ length: partitions }, (_, partition) => {
    return { partition, value, count: (feed.recordsByPartition[partition] ?? 0) + recordsEach };
  });
  await produceOwn(target, records);
}
