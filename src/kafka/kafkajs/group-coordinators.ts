import type { GroupProtocol } from '../../config/group-protocols.ts';
import { describeGroup, describeMembers } from './describe-group.ts';
import type { DescribedMember, GroupDescription } from './group-description.ts';
import { rootError } from './errors.ts';
import { kafkajsError, type KafkajsBroker, type KafkajsCluster } from './internals.ts';
import { consumerGroupLeaveMessage, notThere, type GroupMember, type Leaving } from './leave-request.ts';

/** Requests to the coordinators of groups. */
export class GroupCoordinators {
  readonly #cluster: KafkajsCluster;
  readonly #refreshBrokers: () => Promise<void>;

  /** @param refreshBrokers - fetches the list of brokers again */
  constructor(cluster: KafkajsCluster, refreshBrokers: () => Promise<void>) {
    this.#cluster = cluster;
    this.#refreshBrokers = refreshBrokers;
  }

  /** Node id of the broker that coordinates the group. */
  async coordinatorOf(groupId: string): Promise<number> {
    return Number((await this.#findCoordinator(groupId)).nodeId);
  }

  /**
   * The group coordinator's description of the group.
   * @returns undefined when the group does not exist
   * @throws a kafkajs error whose `type` is Kafka's error name
   */
  async describeGroup(groupId: string): Promise<GroupDescription | undefined> {
    // A coordinator is looked for among the brokers that are known.
    await this.#refreshBrokers();
    const broker = await this.#findCoordinator(groupId);
    return describeGroup(broker, groupId, kafkajsError);
  }

  /** See describeMembers. */
  async describeMembers(groupId: string, groupProtocol: GroupProtocol): Promise<GroupDescription | undefined> {
    const broker = await this.#findCoordinator(groupId);
    return describeMembers(broker, groupId, groupProtocol, kafkajsError);
  }

  /**
   * Removes a member from its group, whatever it is doing. A member that is not in the group is not
   * an error.
   */
  async removeMember(groupId: string, { type }: GroupDescription, member: DescribedMember): Promise<void> {
    const { memberId: groupMemberId, instanceId: groupInstanceId } = member;
    if (type === 'consumer') await this.leaveConsumerGroup(groupId, { groupMemberId, groupInstanceId }, 'forGood');
    else await this.leaveClassicGroup(groupId, groupMemberId);
  }

  /**
   * Leaves a classic group on behalf of one of its members.
   * @throws a kafkajs error whose `type` is Kafka's error name; none for a member that is not in
   * the group
   */
  async leaveClassicGroup(groupId: string, groupMemberId: string): Promise<void> {
    const coordinator = await this.#findCoordinator(groupId);
    try {
      await coordinator.leaveGroup({ groupId, memberId: groupMemberId });
    } catch (error) {
      if (rootError(error).type !== 'UNKNOWN_MEMBER_ID') throw error;
    }
  }

  /**
   * The same for a group of the `consumer` protocol. A member whose replacement has joined has
   * left the group.
   */
  async leaveConsumerGroup(groupId: string, member: GroupMember, leaving: Leaving): Promise<void> {
    const coordinator = await this.#findCoordinator(groupId);
    const errorCode = await coordinator.connectionPool.send(consumerGroupLeaveMessage(groupId, member, leaving));
    if (errorCode !== 0 && !notThere.includes(errorCode)) throw kafkajsError(errorCode);
  }

  /**
   * Sets committed offsets as an external tool does, which requires that the group is empty.
   * @param offsets - index is the partition
   */
  async commitFromOutside(groupId: string, topic: string, offsets: readonly number[]): Promise<void> {
    const coordinator = await this.#findCoordinator(groupId);
    const partitions = offsets.map((offset, partition) => ({ partition, offset: String(offset) }));
    const topics = [{ topic, partitions }];
    await coordinator.offsetCommit({ groupId, groupGenerationId: -1, memberId: '', topics });
  }
  /**
   * Asks one broker after the other until one responds. kafkajs's own search does the same, but
   * hides that this user is not authorized.
   */
  async #findCoordinator(groupId: string): Promise<KafkajsBroker> {
    if (this.#cluster.getNodeIds().length === 0) await this.#refreshBrokers();
    let failure: unknown = new Error('no broker is known');
    for (const nodeId of this.#cluster.getNodeIds()) {
      try {
        const broker = await this.#cluster.findBroker({ nodeId });
        const { coordinator } = await broker.findGroupCoordinator({ groupId, coordinatorType: 0 });
        return await this.#cluster.findBroker({ nodeId: coordinator.nodeId });
      } catch (error) {
        // An answer of the protocol is the same from every broker.
        if (rootError(error).type !== undefined) throw error;
        failure = error;
      }
    }
    throw failure;
  }
}
