import type { Admin as KafkajsAdmin } from 'kafkajs';
import type { Connection } from '../../config/connection.ts';
import { ClusterError } from '../../errors.ts';
import { nowMs } from '../../time/clock.ts';
import { sleep, sleepUntil } from '../../time/sleep.ts';
import type { BrokerAddress, PartitionOffsets, TopicDescription } from '../cluster-facts.ts';
import { within } from '../../time/time-limit.ts';
import type { DescribedMember, GroupDescription } from './group-description.ts';
import { BrokerConnections, type OffsetsOptions } from './cluster.ts';
import { committedOffsets, committedTopics, type CommittedOffset } from './committed-offsets.ts';
import { kafkajsConfig } from './config.ts';
import { finalError, rootError, timeUpError, type AclRight } from './errors.ts';
import { KafkajsSockets, type Sightings } from './sockets.ts';
import { topicDescription } from './metadata-request.ts';
import { PassingError, retried, retryDelayMs } from './retried.ts';
import { changedSettings, describeSettings, type Setting } from './settings.ts';
import { topicRequest, type TopicRequest } from './topic-request.ts';
import { topicSettled } from './topic-settled.ts';
import { haveWorked, settingsWorked } from './worked-settings.ts';

const closeGraceMs = 1_000;

/**
 * Administration by kafkajs, because the Confluent client's admin calls can crash the process while
 * brokers are down. Every call retries, and ends within `timeoutMs`.
 */
export class Admin {
  readonly #connection: Connection;
  readonly #timeoutMs: number;
  readonly #kafkajs: KafkajsAdmin;
  readonly #sockets: KafkajsSockets;
  readonly #all: BrokerConnections;

  /** @param serverIndex - bootstrap server to ask first; kafkajs tries no other */
  private constructor(connection: Connection, options: AdminOptions, serverIndex: number, sightings: Sightings) {
    this.#connection = connection;
    this.#timeoutMs = options.timeoutMs;
    const config = kafkajsConfig(connection, {
      clientId: options.clientId ?? 'consumer-cluster-admin',
      // Short enough for a second broker's turn where the first one hangs.
      requestTimeoutMs: Math.ceil(options.timeoutMs / 2),
      connectionTimeoutMs: Math.min(3_000, Math.ceil(options.timeoutMs / 2)),
    });
    this.#sockets = new KafkajsSockets(connection, { signal: options.signal, sightings });
    const first = serverIndex % config.brokers.length;
    const brokers = [...config.brokers.slice(first), ...config.brokers.slice(0, first)];
    const complete = { ...config, brokers, socketFactory: this.#sockets.factory, enforceRequestTimeout: true };
    this.#all = new BrokerConnections(complete);
    this.#kafkajs = this.#all.admin();
  }

  /**
   * @throws ClusterError brokerUnavailable with its cause; usage for an unsupported property; the
   * signal's reason, when all connections have ended
   */
  static async connect(connection: Connection, options: AdminOptions): Promise<Admin> {
    const { timeoutMs, signal } = options;
    const deadlineMs = nowMs() + timeoutMs;
    let sightings: Sightings = new Map();
    for (let serverIndex = 0; ; serverIndex += 1) {
      const admin = new Admin(connection, options, serverIndex, sightings);
      const { closed } = admin.#sockets;
      try {
        await within(deadlineMs, () => admin.#all.connect(), closed);
        await within(deadlineMs, () => admin.#all.reachAny(), closed);
        settingsWorked(connection);
        return admin;
      } catch (error) {
        ({ sightings } = admin.#sockets);
        const final = finalError(error, '', sightings);
        const last = nowMs() + retryDelayMs >= deadlineMs;
        await admin.close();
        signal?.throwIfAborted();
        if (final !== undefined) throw final;
        if (last) throw timeUpError(sightings, { ...connection, timeoutMs, worked: haveWorked(connection) });
      }
      await sleepUntil(nowMs() + retryDelayMs, signal);
    }
  }

  /** At least one: all of them count as down when the whole cluster has paused for a second. */
  async brokers(): Promise<readonly BrokerAddress[]> {
    const brokers = await this.#call('', async () => {
      const listed = await this.#all.brokers();
      if (listed.length === 0)
        throw new PassingError(new ClusterError('brokerUnavailable', 'the cluster lists no broker'));
      return listed;
    });
    return [...brokers].sort((a, b) => a.nodeId - b.nodeId);
  }

  /** Settings that differ from Kafka's defaults, by broker id, without secrets. */
  async brokerSettings(): Promise<Record<string, Record<string, string>>> {
    const settings: Record<string, Record<string, string>> = {};
    for (const { nodeId } of await this.brokers()) {
      settings[nodeId] = changedSettings(await this.#settings('broker', String(nodeId)));
    }
    return settings;
  }

  /** @throws ClusterError topicUnavailable; accessDenied without the right to DescribeConfigs */
  topicSettings(topic: string): Promise<readonly Setting[]> {
    return this.#settings('topic', topic);
  }

  async topics(): Promise<readonly string[]> {
    return this.#call('', () => this.#all.topicNames());
  }

  /** @returns undefined when the topic does not exist */
  async topic(name: string): Promise<TopicDescription | undefined> {
    try {
      return topicDescription(await this.#call(name, () => this.#all.topic(name)));
    } catch (error) {
      if (error instanceof ClusterError && error.code === 'topicUnavailable') return undefined;
      throw error;
    }
  }

  /** Kafka's topic id; undefined when brokers disagree or report none. */
  async topicId(name: string): Promise<string | undefined> {
    const identities = await this.#call(name, () => this.#all.topicIdentities(name));
    const ids = new Set(identities.map((identity) => identity?.topicId));
    return ids.size === 1 ? [...ids][0] : undefined;
  }

  /**
   * Resolves when every partition has a leader and every broker knows it.
   * @throws ClusterError topicUnavailable when it exists; usage when the brokers reject it
   */
  async createTopic(request: TopicRequest): Promise<void> {
    const { topic, partitions } = request;
    const create = topicRequest(this.#kafkajs, request, Math.ceil(this.#timeoutMs / 2));
    if (!(await this.#call(topic, create, 'Create'))) {
      throw new ClusterError('topicUnavailable', `topic '${topic}' already exists`);
    }
    await this.#waitForBrokers(topic, partitions);
  }

  /** Resolves when the topic is gone on every broker. A missing topic is not an error. */
  async deleteTopic(topic: string): Promise<void> {
    try {
      await this.#call(topic, () => this.#kafkajs.deleteTopics({ topics: [topic] }), 'Delete');
    } catch (error) {
      if (!(error instanceof ClusterError && error.code === 'topicUnavailable')) throw error;
    }
    await this.#waitForBrokers(topic, 0);
  }

  /** @throws ClusterError topicUnavailable, also when a partition stays without a leader */
  offsets(topic: string, options: OffsetsOptions = {}): Promise<readonly PartitionOffsets[]> {
    return this.#call(topic, () => this.#all.offsets(topic, options));
  }

  /** Deletes the records before each offset. */
  async deleteRecords(
    topic: string,
    before: readonly { readonly partition: number; readonly offset: number }[],
  ): Promise<void> {
    await this.#call(
      topic,
      async () => {
        // kafkajs looks for leaders in metadata that it only has after another call on the topic.
        await this.#kafkajs.fetchTopicOffsets(topic);
        const partitions = before.map(({ partition, offset }) => ({ partition, offset: String(offset) }));
        await this.#kafkajs.deleteTopicRecords({ topic, partitions });
      },
      'Delete',
    );
  }

  committedOffsets(group: string, topic: string): Promise<readonly CommittedOffset[]> {
    return this.#call(group, () => committedOffsets({ admin: this.#kafkajs, groups: this.#all.groups }, group, topic));
  }

  /** Topics of which the group has committed offsets, sorted. */
  committedTopics(group: string): Promise<readonly string[]> {
    return this.#call(group, () => committedTopics({ admin: this.#kafkajs, groups: this.#all.groups }, group));
  }

  /** A missing group is not an error; a group with members is (input). */
  async deleteGroup(group: string): Promise<void> {
    await this.#call(
      group,
      async () => {
        try {
          await this.#kafkajs.deleteGroups([group]);
        } catch (error) {
          if (rootError(error).type !== 'GROUP_ID_NOT_FOUND') throw error;
        }
      },
      'Delete',
    );
  }

  /** @throws ClusterError groupRefused when this user may not describe it */
  describeGroup(group: string): Promise<GroupDescription | undefined> {
    return this.#call(group, () => this.#all.groups.describeGroup(group));
  }

  removeMember(group: string, description: GroupDescription, member: DescribedMember): Promise<void> {
    return this.#call(group, () => this.#all.groups.removeMember(group, description, member));
  }

  /** Ends within about a second, also where brokers hang. May be called twice. */
  async close(): Promise<void> {
    await Promise.race([this.#all.disconnect().catch(() => undefined), sleep(closeGraceMs, undefined, { ref: false })]);
    this.#sockets.destroy();
  }

  #settings(type: 'topic' | 'broker', name: string): Promise<readonly Setting[]> {
    const subject = type === 'topic' ? name : '';
    return this.#call(subject, () => describeSettings(this.#kafkajs, { type, name }), 'DescribeConfigs');
  }

  #call<T>(subject: string, action: () => Promise<T>, right: AclRight = 'Describe'): Promise<T> {
    const sockets = this.#sockets;
    const options = { connection: this.#connection, timeoutMs: this.#timeoutMs, subject, sockets, right };
    return retried(options, async () => {
      await this.#all.connect();
      return action();
    });
  }

  async #waitForBrokers(topic: string, partitions: number): Promise<void> {
    const known = (): Promise<number[]> => this.#call(topic, () => this.#all.knownPartitions(topic));
    await topicSettled({ partitions, timeoutMs: this.#timeoutMs, known });
  }
}

export interface AdminOptions {
  /** Limit for connecting and for every later call. */
  readonly timeoutMs: number;
  readonly clientId?: string;
  /** Ends all connections when it is aborted: calls then throw its reason. */
  readonly signal?: AbortSignal | undefined;
}
