import type { GroupProtocol } from '../../config/group-protocols.ts';
import {
  consumerGroupDescribeApi,
  consumerGroupDescribeMessage,
  listGroupsApi,
  listedGroupMessage,
  type GroupDescription,
} from './group-description.ts';
import { readClassicAssignment } from './classic-assignment.ts';
import type { KafkajsBroker } from './internals.ts';
import { notThere } from './leave-request.ts';

/** From Kafka 3.9 brokers that have the request, but not the new group protocol. */
const unsupportedVersion = 35;

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
  const listed = await listedGroup(coordinator, groupId, createError);
  if (listed !== undefined && listed.type !== 'classic' && listed.type !== 'consumer') {
    const { type, state, protocolType } = listed;
    return { type, state, protocolType, assignor: '', members: [] };
  }
  // A group that was just created, or whose members have just changed the protocol, may be of the
  // other type by now: it does not exist only when it is of neither.
  const classic = (): Promise<GroupDescription | undefined> => describeClassic(coordinator, groupId);
  const consumer = (): Promise<GroupDescription | undefined> => describeConsumer(coordinator, groupId, createError);
  return listed?.type === 'consumer'
    ? ((await consumer()) ?? (await classic()))
    : ((await classic()) ?? (await consumer()));
}

/**
 * The same for a group whose members use a known protocol: one request to its coordinator.
 * @returns undefined when it has no members that use it
 */
export async function describeMembers(
  coordinator: KafkajsBroker,
  groupId: string,
  groupProtocol: GroupProtocol,
  createError: (code: number) => Error,
): Promise<GroupDescription | undefined> {
  const describe: Record<GroupProtocol, () => Promise<GroupDescription | undefined>> = {
    classic: () => describeClassic(coordinator, groupId),
    consumer: () => describeConsumer(coordinator, groupId, createError),
  };
  return describe[groupProtocol]();
}

async function listedGroup(
  { versions, connectionPool }: KafkajsBroker,
  groupId: string,
  createError: (code: number) => Error,
) {
  const listsTypes = (versions[listGroupsApi.apiKey]?.maxVersion ?? -1) >= listGroupsApi.apiVersion;
  if (!listsTypes) return undefined;
  const answer = await connectionPool.send(listedGroupMessage(groupId));
  if (typeof answer === 'number') throw createError(answer);
  return answer[0];
}

/** The request also distinguishes a missing group from one that this user may not describe. */
async function describeClassic(coordinator: KafkajsBroker, groupId: string): Promise<GroupDescription | undefined> {
  const [group] = (await coordinator.describeGroups({ groupIds: [groupId] })).groups;
  if (group === undefined || group.state === 'Dead') return undefined;
  const { state, protocolType, protocol: assignor, members } = group;
  return {
    ...{ type: 'classic', state, protocolType, assignor },
    members: members.map(({ memberId, clientId, clientHost, memberAssignment }) => ({
      ...{ memberId, instanceId: undefined, clientId, clientHost },
      // Members of another protocol type, such as Connect's workers, have other data there.
      assigned: protocolType === 'consumer' ? readClassicAssignment(memberAssignment) : [],
    })),
  };
}

async function describeConsumer(
  { versions, connectionPool }: KafkajsBroker,
  groupId: string,
  createError: (code: number) => Error,
): Promise<GroupDescription | undefined> {
  if (versions[consumerGroupDescribeApi.apiKey] === undefined) return undefined;
  const answer = await connectionPool.send(consumerGroupDescribeMessage(groupId));
  if (typeof answer !== 'number') return answer;
  if (notThere.includes(answer) || answer === unsupportedVersion) return undefined;
  throw createError(answer);
}
