import { FlexibleWriter, type FlexibleReader } from '../wire/flexible-bytes.ts';
import { kafkajsMessage, type KafkajsMessage } from './requests.ts';

/** A group as its coordinator knows it. */
export interface GroupDescription {
  /** `classic`, `consumer` (KIP-848), `share`, `streams`, or one of the future. */
  readonly type: string;
  /** `Empty`, `Stable`, `PreparingRebalance`… */
  readonly state: string;
  /**
   * Protocol type of the members under the classic protocol: `consumer`, `connect`…; empty before
   * the first has joined.
   */
  readonly protocolType: string;
  /** Empty when the group has none, or during a rebalance. */
  readonly assignor: string;
  /** Empty for types whose members are not asked for: share and streams. */
  readonly members: readonly DescribedMember[];
}

export interface DescribedMember {
  readonly memberId: string;
  readonly instanceId: string | undefined;
  readonly clientId: string;
  /** Such as `/127.0.0.1`. */
  readonly clientHost: string;
  /** Empty for a standby, and during a rebalance of a classic group. */
  readonly assigned: readonly AssignedTopic[];
}

export interface AssignedTopic {
  readonly topic: string;
  readonly partitions: readonly number[];
}

export type ListedGroup = Pick<GroupDescription, 'type' | 'state' | 'protocolType'>;

/** First versions that report group types, or that have the request at all. */
export const listGroupsApi = { apiKey: 16, apiVersion: 5 } as const;
export const consumerGroupDescribeApi = { apiKey: 69, apiVersion: 0 } as const;

/**
 * ListGroups, for the group's coordinator: the only request that covers groups of every type. The
 * result is Kafka's error code, or a list of at most one group, because kafkajs does not accept an
 * undefined result.
 */
export function listedGroupMessage(groupId: string): KafkajsMessage<number | readonly ListedGroup[]> {
  const body = new FlexibleWriter().noTags().arrayOf(0).arrayOf(0).noTags();
  const read = (answer: FlexibleReader): number | readonly ListedGroup[] => {
    answer.tags();
    answer.int32();
    const errorCode = answer.int16();
    // A coordinator that is loading its groups lists only some of them.
    if (errorCode !== 0) return errorCode;
    const groups = answer.array(() => {
      const id = answer.text();
      const [protocolType, state, type] = [answer.text() ?? '', answer.text() ?? '', answer.text() ?? ''];
      answer.tags();
      return { id, protocolType, state, type: type.toLowerCase() };
    });
    return groups.filter(({ id }) => id === groupId);
  };
  return kafkajsMessage({ ...listGroupsApi, apiName: 'ListGroups', body, read });
}

/** ConsumerGroupDescribe. The answer is Kafka's error code, or the group. */
export function consumerGroupDescribeMessage(groupId: string): KafkajsMessage<number | GroupDescription> {
  const body = new FlexibleWriter().noTags().arrayOf(1).text(groupId).boolean(false).noTags();
  const apiName = 'ConsumerGroupDescribe';
  return kafkajsMessage({ ...consumerGroupDescribeApi, apiName, body, read: readConsumerGroup });
}

function readConsumerGroup(answer: FlexibleReader): number | GroupDescription {
  answer.tags();
  answer.int32();
  const [group] = answer.array(() => {
    const errorCode = answer.int16();
    answer.text();
    answer.text();
    const state = answer.text() ?? '';
    answer.int32();
    answer.int32();
    const assignor = answer.text() ?? '';
    const members = answer.array(() => readMember(answer));
    answer.int32();
    answer.tags();
    return errorCode === 0 ? { type: 'consumer', state, protocolType: 'consumer', assignor, members } : errorCode;
  });
  if (group === undefined) throw new Error('no group in the response');
  return group;
}

function readMember(answer: FlexibleReader): DescribedMember {
  const memberId = answer.text() ?? '';
  const instanceId = answer.text() ?? undefined;
  answer.text();
  answer.int32();
  const [clientId, clientHost] = [answer.text() ?? '', answer.text() ?? ''];
  answer.array(() => answer.text());
  answer.text();
  const assigned = readAssignment(answer);
  // The target assignment.
  readAssignment(answer);
  answer.tags();
  return { memberId, instanceId, clientId, clientHost, assigned };
}

function readAssignment(answer: FlexibleReader): AssignedTopic[] {
  const topics = answer.array(() => {
    answer.bytes(16);
    const topic = answer.text() ?? '';
    const partitions = answer.array(() => answer.int32());
    answer.tags();
    return { topic, partitions };
  });
  answer.tags();
  return topics;
}
