import { createTopic, dropTopic } from '../../src/kafka/kafkajs/create-topic.ts';
import { readTopicRange } from '../../src/kafka/kafkajs/topic-range.ts';
import type { Peer } from './peer.ts';

const timeoutMs = 30_000;

/**
 * A row that produces: each run fills a new topic, like the one that the other rows read.
 * Its records are those that the topic then contains, so a lost or repeated one is a difference.
 */
export function producingPeer(peer: Peer): Peer {
  return {
    ...peer,
    run: async (task) => {
      const { connection, runId: topic } = task;
      const partitions = task.topic.endOffsets.length;
      await createTopic({ connection, topic, partitions, replicationFactor: undefined, timeoutMs });
      try {
        const run = await peer.run({ ...task, topic: { ...task.topic, topic } });
        const { endOffsets } = await readTopicRange(connection, topic, timeoutMs);
        return { ...run, records: endOffsets.reduce((sum, end) => sum + end, 0) };
      } finally {
        await dropTopic({ connection, topic, timeoutMs });
      }
    },
  };
}
