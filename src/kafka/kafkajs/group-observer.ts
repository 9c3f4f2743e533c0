import type { Connection } from '../../config/connection.ts';
import type { GroupConfig } from '../../config/group.ts';
import type { GroupProtocol } from '../../config/group-protocols.ts';
import { sleep } from '../../time/sleep.ts';
import { ClusterError } from '../../errors.ts';
import type { PartitionOffsets } from '../cluster-facts.ts';
import { BrokerConnections } from './cluster.ts';
import { kafkajsConfig } from './config.ts';
import { KafkajsSockets } from './sockets.ts';
import type { GroupMember } from './leave-request.ts';
import { retried } from './retried.ts';
import type { TopicIdentity } from '../topic-identity.ts';

const closeGraceMs = 500;

/**
 * What a group's supervisor needs from the brokers besides its members. It uses connections of
 * kafkajs, which cannot crash the process and which are opened at the first call. Each call ends
 * within `timeoutMs`.
 */
export class GroupObserver {
  readonly #connection: Connection;
  readonly #group: GroupConfig;
  readonly #timeoutMs: number;
  readonly #sockets: KafkajsSockets;
  readonly #brokers: BrokerConnections;

  /** @throws ClusterError usage when a client property can't be honoured */
  constructor(connection: Connection, group: GroupConfig, timeoutMs: number) {
    this.#connection = connection;
    this.#group = group;
    this.#timeoutMs = timeoutMs;
    this.#sockets = new KafkajsSockets(connection);
    const config = kafkajsConfig(connection, {
      clientId: `${group.groupId}-supervisor`,
      // Short enough for a second broker's turn where the first one hangs.
      requestTimeoutMs: Math.ceil(timeoutMs / 3),
      connectionTimeoutMs: Math.ceil(timeoutMs / 3),
    });
    this.#brokers = new BrokerConnections({ ...config, socketFactory: this.#sockets.factory });
  }

  /**
   * Leaves the group on behalf of a member whose thread has ended, so that the group need not wait
   * for the session timeout.
   * @param member - an id that the coordinator no longer knows is not an error
   * @throws ClusterError brokerUnavailable
   */
  leaveFor(member: GroupMember): Promise<void> {
    const { groupId, groupProtocol } = this.#group;
    const { groups } = this.#brokers;
    const leave: Record<GroupProtocol, () => Promise<void>> = {
      classic: () => groups.leaveClassicGroup(groupId, member.groupMemberId),
      consumer: () => groups.leaveConsumerGroup(groupId, member, 'forGood'),
    };
    return this.#call(groupId, leave[groupProtocol]);
  }

  /**
   * Releases the group.instance.id slot of a static member whose thread has ended. The classic
   * protocol does not need this: a new member with the same id replaces the old one.
   * @throws ClusterError brokerUnavailable
   */
  async releaseInstanceIdOf(member: GroupMember): Promise<void> {
    const { groupId, groupProtocol } = this.#group;
    const release: Record<GroupProtocol, (() => Promise<void>) | undefined> = {
      classic: undefined,
      consumer: () => this.#brokers.groups.leaveConsumerGroup(groupId, member, 'untilReplaced'),
    };
    const call = release[groupProtocol];
    if (call !== undefined) await this.#call(groupId, call);
  }

  /** Node id of the broker that coordinates the group. @throws ClusterError brokerUnavailable */
  coordinator(): Promise<number> {
    const { groupId } = this.#group;
    return this.#call(groupId, () => this.#brokers.groups.coordinatorOf(groupId));
  }

  /**
   * Reports of all brokers that respond, at least one; undefined for a broker that does not know
   * the topic.
   * @throws ClusterError brokerUnavailable
   */
  topicIdentities(topic: string): Promise<(TopicIdentity | undefined)[]> {
    return this.#call(topic, async () => {
      const identities = await this.#brokers.topicIdentities(topic);
      if (identities.length === 0) throw new Error('no broker responded');
      return identities;
    });
  }

  /**
   * Begin and end offset of a partition.
   * @throws ClusterError brokerUnavailable, topicUnavailable
   */
  async partitionOffsets(topic: string, partition: number): Promise<PartitionOffsets> {
    const [offsets] = await this.#call(topic, () => this.#brokers.offsets(topic, { partitions: [partition] }));
    if (offsets !== undefined) return offsets;
    throw new ClusterError('topicUnavailable', `topic '${topic}' no longer has partition ${partition}`);
  }

  /** Ends within half a second; calls under way fail. */
  async close(): Promise<void> {
    const disconnected = this.#brokers.disconnect().catch(() => undefined);
    await Promise.race([disconnected, sleep(closeGraceMs, undefined, { ref: false })]);
    this.#sockets.destroy();
  }

  #call<T>(subject: string, action: () => Promise<T>): Promise<T> {
    const options = { connection: this.#connection, timeoutMs: this.#timeoutMs, subject, sockets: this.#sockets };
    return retried(options, async () => {
      await this.#brokers.connect();
      return action();
    });
  }
}
