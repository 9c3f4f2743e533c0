import { FlexibleWriter, type FlexibleReader } from '../wire/flexible-bytes.ts';
import { kafkajsMessage, type KafkajsMessage } from './requests.ts';

/** A member as the group's coordinator knows it. */
export interface GroupMember {
  /** Member id, unique to this incarnation, so the request never affects the replacement. */
  readonly groupMemberId: string;
  /** Set for a static member; its replacement has the same id. */
  readonly groupInstanceId: string | undefined;
}

/**
 * Epochs that mean leaving (KIP-848): permanently, or, for a static member, until a member with the
 * same group.instance.id joins, which is rejected otherwise.
 */
const epochs = { forGood: -1, untilReplaced: -2 } as const;

/** UNKNOWN_MEMBER_ID, GROUP_ID_NOT_FOUND, FENCED_INSTANCE_ID. */
export const notThere: readonly number[] = [25, 69, 82];

export type Leaving = keyof typeof epochs;

/**
 * ConsumerGroupHeartbeat, version 1, of a member that leaves.
 * @returns Kafka's error code, 0 for none
 */
export function consumerGroupLeaveMessage(
  groupId: string,
  { groupMemberId, groupInstanceId }: GroupMember,
  leaving: Leaving,
): KafkajsMessage<number> {
  const body = new FlexibleWriter()
    .noTags()
    .text(groupId)
    .text(groupMemberId)
    .int32(epochs[leaving])
    .text(groupInstanceId ?? null)
    // Rack, rebalance timeout, topics, topic pattern, assignor, partitions: nothing of it changes.
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
