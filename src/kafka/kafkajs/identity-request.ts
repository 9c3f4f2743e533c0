import { FlexibleWriter, type FlexibleReader } from '../wire/flexible-bytes.ts';
import { rootError } from './errors.ts';
import { kafkajsError, type KafkajsBroker } from './internals.ts';
import { kafkajsMessage, type KafkajsMessage } from './requests.ts';
import type { LeaderlessPartition } from '../no-leader.ts';
import type { TopicIdentity } from '../topic-identity.ts';

export const metadataKey = 3;
/** First version of Metadata that returns topic ids for names. */
export const identityVersion = 12;

const unknownTopic = 3;

/**
 * Requests a topic's identity from a broker. The result is undefined if the broker has no such
 * topic. Any other error rejects it, because a response without access contains an id of zeros.
 */
export function topicIdentityMessage(topic: string): KafkajsMessage<TopicIdentity | undefined> {
  const body = new FlexibleWriter()
    .noTags()
    .arrayOf(1)
    .bytes(Buffer.alloc(16))
    .text(topic)
    .noTags()
    // Neither creates the topic nor returns permissions.
    .boolean(false)
    .boolean(false)
    .noTags();
  return kafkajsMessage({
    apiKey: metadataKey,
    apiName: 'Metadata',
    apiVersion: identityVersion,
    body,
    read: readIdentity,
  });
}

/** The same for a broker that does not report ids. */
export async function identityWithoutId(broker: KafkajsBroker, topic: string): Promise<TopicIdentity | undefined> {
  try {
    const { topicMetadata } = await broker.metadata([topic]);
    const partitions = (topicMetadata[0]?.partitionMetadata ?? []).map(({ partitionId, leader, replicas }) => ({
      partition: partitionId,
      leader,
      replicas,
    }));
    return identity(undefined, partitions);
  } catch (error) {
    if (rootError(error).type === 'UNKNOWN_TOPIC_OR_PARTITION') return undefined;
    throw error;
  }
}

function identity(
  topicId: string | undefined,
  partitions: readonly (LeaderlessPartition & { readonly leader: number })[],
): TopicIdentity {
  const leaderless = partitions
    .filter(({ leader }) => leader < 0)
    .map(({ partition, replicas }) => ({ partition, replicas }));
  return { topicId, partitions: partitions.length, leaderless };
}

function readIdentity(answer: FlexibleReader): TopicIdentity | undefined {
  answer.tags();
  answer.int32();
  answer.array(() => {
    answer.int32();
    answer.text();
    answer.int32();
    answer.text();
    answer.tags();
  });
  answer.text();
  answer.int32();
  const [topic] = answer.array(() => readTopic(answer));
  if (topic === undefined || topic.errorCode === unknownTopic) return undefined;
  if (topic.errorCode !== 0) throw kafkajsError(topic.errorCode);
  return topic.identity;
}

function readTopic(answer: FlexibleReader): { readonly errorCode: number; readonly identity: TopicIdentity } {
  const errorCode = answer.int16();
  answer.text();
  const topicId = answer.bytes(16).toString('hex');
  answer.boolean();
  const partitions = answer.array(() => {
    answer.int16();
    const partition = answer.int32();
    const leader = answer.int32();
    answer.int32(); // leader epoch
    const [replicas = []] = [0, 1, 2].map(() => answer.array(() => answer.int32()));
    answer.tags();
    return { partition, leader, replicas };
  });
  answer.int32();
  answer.tags();
  return { errorCode, identity: identity(topicId, partitions) };
}
