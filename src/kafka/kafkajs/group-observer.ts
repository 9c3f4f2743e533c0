import type { Connection } from '../../config/connection.ts';
import type { GroupConfig } from '../../config/group.ts';
import type { GroupProtocol } from '../../config/group-protocols.ts';
import { ClusterError } from '../../errors.ts';
import type { PartitionOffsets } from '../cluster-facts.ts';
import { BrokerCalls } from './broker-calls.ts';
import type { BrokerConnections } from './cluster.ts';
import type { DescribedMember } from './group-description.ts';
import type { GroupMember } from './leave-request.ts';
import type { TopicIdentity } from '../topic-identity.ts';

/**
 * What a group's supervisor needs from the brokers besides its members. Each call ends within
 * `timeoutMs`.
 */
export class GroupObserver {
  readonly #group: GroupConfig;
  readonly #calls: BrokerCalls;

  /** @throws ClusterError usage when a client property can't be honoured */
  constructor(connection: Connection, group: GroupConfig, timeoutMs: number) {
    this.#group = group;
    this.#calls = new BrokerCalls(connection, { clientId: `${group.groupId}-supervisor`, timeoutMs });
  }

  /**
   * Leaves the group on behalf of a member whose thread has ended, so that the group need not wait
   * for the session timeout.
   * @param member - an id that the coordinator no longer knows is not an error
   * @throws ClusterError brokerUnavailable
   */
  leaveFor(member: GroupMember): Promise<void> {
    const { groupId, groupProtocol } = this.#group;
    const leave: Record<GroupProtocol, (brokers: BrokerConnections) => Promise<void>> = {
      classic: ({ groups }) => groups.leaveClassicGroup(groupId, member.groupMemberId),
      consumer: ({ groups }) => groups.leaveConsumerGroup(groupId, member, 'forGood'),
    };
    return this.#calls.call(groupId, leave[groupProtocol]);
  }

  /**
   * Releases the group.instance.id slot of a static member whose thread has ended. The classic
   * protocol does not need this: a new member with the same id replaces the old one.
   * @throws ClusterError brokerUnavailable
   */
  async releaseInstanceIdOf(member: GroupMember): Promise<void> {
    const { groupId, groupProtocol } = this.#group;
    const release: Record<GroupProtocol, ((brokers: BrokerConnections) => Promise<void>) | undefined> = {
      classic: undefined,
      consumer: ({ groups }) => groups.leaveConsumerGroup(groupId, member, 'untilReplaced'),
    };
    const call = release[groupProtocol];
    if (call !== undefined) await this.#calls.call(groupId, call);
  }

  /**
   * Releases the group.instance.ids of an earlier process of the same name, whatever has become of
   * it. The classic protocol does not need this.
   * @param isOwn - whether a group.instance.id is one of them
   * @throws ClusterError brokerUnavailable
   */
  async releaseInstanceIds(isOwn: (instanceId: string) => boolean): Promise<void> {
    const { groupId, groupProtocol } = this.#group;
    if (groupProtocol === 'classic') return;
    await this.#calls.call(groupId, async ({ groups }) => {
      const members = (await groups.describeGroup(groupId))?.members ?? [];
      const own = members.filter(({ instanceId }) => instanceId !== undefined && isOwn(instanceId));
      const release = ({ memberId: groupMemberId, instanceId: groupInstanceId }: DescribedMember): Promise<void> =>
        groups.leaveConsumerGroup(groupId, { groupMemberId, groupInstanceId }, 'untilReplaced');
      await Promise.all(own.map(release));
    });
  }

  /** Node id of the broker that coordinates the group. @throws ClusterError brokerUnavailable */
  coordinator(): Promise<number> {
    const { groupId } = this.#group;
    return this.#calls.call(groupId, ({ groups }) => groups.coordinatorOf(groupId));
  }

  /**
   * Reports of all brokers that respond, at least one; undefined for a broker that does not know
   * the topic.
   * @throws ClusterError brokerUnavailable
   */
  topicIdentities(topic: string): Promise<(TopicIdentity | undefined)[]> {
    return this.#calls.call(topic, async (brokers) => {
      const identities = await brokers.topicIdentities(topic);
      if (identities.length === 0) throw new Error('no broker responded');
      return identities;
    });
  }

  /**
   * Begin and end offset of a partition.
   * @throws ClusterError brokerUnavailable, topicUnavailable
   */
  async partitionOffsets(topic: string, partition: number): Promise<PartitionOffsets> {
    const [offsets] = await this.#calls.call(topic, (brokers) => brokers.offsets(topic, { partitions: [partition] }));
    if (offsets !== undefined) return offsets;
    throw new ClusterError('topicUnavailable', `topic '${topic}' no longer has partition ${partition}`);
  }

  /** Ends within half a second; calls under way fail. */
  close(): Promise<void> {
    return this.#calls.close();
  }
}
