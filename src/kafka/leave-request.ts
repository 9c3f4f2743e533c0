import { FlexibleWriter, type FlexibleReader } from './flexible-bytes.ts';
import { kafkajsMessage, type KafkajsMessage } from './kafkajs-requests.ts';

/** The epoch by which a member says that it leaves (KIP-848). */
const leaving = -1;

/** ConsumerGroupHeartbeat, version 1, of a member that leaves. @returns Kafka's error code, 0 for none */
export function consumerGroupLeaveMessage(groupId: string, memberId: string): KafkajsMessage<number> {
  const body = new FlexibleWriter()
    .noTags()
    .text(groupId)
    .text(memberId)
    .int32(leaving)
    // Instance, rack, rebalance timeout, topics, topic pattern, assignor, partitions: nothing of it changes.
    .text(null)
    .text(null)
    .int32(-1)
    .noArray()
    .text(null)
    .text(null)
    .noArray()
    .noTags();
  return kafkajsMessage({ apiKey: 68, apiName: 'ConsumerGroupHeartbeat', apiVersion: 1, body, read: readErrorCode });
}

function readErrorCode(answer: FlexibleReader): number {
  answer.tags();
  answer.int32();
  return answer.int16();
}
