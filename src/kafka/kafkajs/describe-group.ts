import {
  consumerGroupDescribeMessage,
  listGroupsApi,
  listedGroupMessage,
  type GroupDescription,
} from './group-description.ts';
import type { KafkajsBroker } from './internals.ts';
import { notThere } from './leave-request.ts';

/**
 * The coordinator's description of a group of any type.
 * @param createError - creates kafkajs's error for Kafka's error code
 * @returns undefined when the group does not exist
 */
export async function describeGroup(
  coordinator: KafkajsBroker,
  groupId: string,
  createError: (code: number) => Error,
): Promise<GroupDescription | undefined> {
  const { versions, connectionPool } = coordinator;
  const listsTypes = (versions[listGroupsApi.apiKey]?.maxVersion ?? -1) >= listGroupsApi.apiVersion;
  const [listed] = listsTypes ? await connectionPool.send(listedGroupMessage(groupId)) : [];
  if (listed?.type === 'consumer') {
    const answer = await connectionPool.send(consumerGroupDescribeMessage(groupId));
    if (typeof answer !== 'number') return answer;
    if (notThere.includes(answer)) return undefined;
    throw createError(answer);
  }
  if (listed !== undefined && listed.type !== 'classic') {
    const { type, state, protocolType } = listed;
    return { type, state, protocolType, assignor: '', members: [] };
  }
  // Not listed: the group does not exist, or this user may not describe it; the classic request
  // distinguishes these cases.
  const [group] = (await coordinator.describeGroups({ groupIds: [groupId] })).groups;
  if (group === undefined || group.state === 'Dead') return undefined;
  const { state, protocolType, protocol: assignor, members } = group;
  return {
    ...{ type: 'classic', state, protocolType, assignor },
    members: members.map(({ memberId, clientId, clientHost }) => ({
      ...{ memberId, instanceId: undefined, clientId, clientHost },
    })),
  };
}
