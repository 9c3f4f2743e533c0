import { setTimeout as sleep } from 'node:timers/promises';
import { Kafka, type Admin as KafkajsAdmin } from 'kafkajs';
import type { Connection } from '../config/connection.ts';
import { WordcountError } from '../errors.ts';
import { within } from './deadline.ts';
import { kafkajsConfig } from './kafkajs-config.ts';
import { finalError, rootError, timeUpError } from './kafkajs-errors.ts';
import { KafkajsSockets } from './kafkajs-sockets.ts';

export interface BrokerAddress {
  readonly nodeId: number;
  readonly host: string;
  readonly port: number;
}

export interface TopicDescription {
  readonly partitions: readonly {
    readonly partition: number;
    /** Node id, -1 while there is none. */
    readonly leader: number;
    readonly replicas: readonly number[];
  }[];
}

export interface PartitionOffsets {
  readonly partition: number;
  readonly beginOffset: number;
  /** Exclusive. */
  readonly endOffset: number;
}

const retryDelayMs = 100;
const closeGraceMs = 1_000;

/**
 * Administration by kafkajs, since the other client's admin calls can crash the process while brokers are down. Every
 * call retries what may pass and ends within `timeoutMs`, at the latest with brokerUnavailable.
 */
export class Admin {
  readonly #connection: Connection;
  readonly #timeoutMs: number;
  readonly #kafkajs: KafkajsAdmin;
  readonly #sockets: KafkajsSockets;

  /** @param serverIndex - which of the bootstrap servers is asked first; kafkajs does not go on to the next by itself */
  private constructor(connection: Connection, options: AdminOptions, serverIndex: number) {
    this.#connection = connection;
    this.#timeoutMs = options.timeoutMs;
    this.#sockets = new KafkajsSockets();
    const config = kafkajsConfig(connection, {
      clientId: options.clientId ?? 'consumer-cluster-admin',
      // Short enough for a second broker's turn where the first one hangs.
      requestTimeoutMs: Math.ceil(options.timeoutMs / 2),
      connectionTimeoutMs: Math.min(3_000, Math.ceil(options.timeoutMs / 2)),
    });
    const first = serverIndex % config.brokers.length;
    const brokers = [...config.brokers.slice(first), ...config.brokers.slice(0, first)];
    this.#kafkajs = new Kafka({ ...config, brokers, socketFactory: this.#sockets.factory }).admin();
  }

  /**
   * @param options.timeoutMs - bound on connecting and on every later call
   * @throws WordcountError brokerUnavailable, with the cause that was seen: nobody there, no TLS, sign-in refused…;
   *   usage when a client property can't be honoured
   */
  static async connect(connection: Connection, options: AdminOptions): Promise<Admin> {
    const deadlineMs = performance.now() + options.timeoutMs;
    for (let attempt = 0; ; attempt += 1) {
      const admin = new Admin(connection, options, attempt);
      try {
        await within(deadlineMs, () => admin.#kafkajs.connect());
        await within(deadlineMs, () => admin.#kafkajs.describeCluster());
        return admin;
      } catch (error) {
        const final = finalError(error, '', admin.#sockets.sightings);
        const last = performance.now() + retryDelayMs >= deadlineMs;
        await admin.close();
        if (final !== undefined) throw final;
        if (last) throw timeUpError(admin.#sockets.sightings, { ...connection, timeoutMs: options.timeoutMs });
      }
      await sleep(retryDelayMs);
    }
  }

  async brokers(): Promise<readonly BrokerAddress[]> {
    const { brokers } = await this.#call('', () => this.#kafkajs.describeCluster());
    return [...brokers].sort((a, b) => a.nodeId - b.nodeId);
  }

  async topics(): Promise<readonly string[]> {
    return this.#call('', () => this.#kafkajs.listTopics());
  }

  /** @returns undefined when there is no such topic */
  async topic(name: string): Promise<TopicDescription | undefined> {
    try {
      const { topics } = await this.#call(name, () => this.#kafkajs.fetchTopicMetadata({ topics: [name] }));
      const partitions = topics[0]?.partitions.map(({ partitionId, leader, replicas }) => ({
        partition: partitionId,
        leader,
        replicas,
      }));
      return partitions && { partitions: partitions.sort((a, b) => a.partition - b.partition) };
    } catch (error) {
      if (error instanceof WordcountError && error.code === 'topicUnavailable') return undefined;
      throw error;
    }
  }

  /**
   * Resolves when every partition has a leader.
   * @param options.config - the topic's own settings, such as `retention.ms`
   * @throws WordcountError topicUnavailable when it exists already, usage when the brokers refuse the numbers
   */
  async createTopic(options: {
    readonly topic: string;
    readonly partitions: number;
    readonly replicationFactor: number;
    readonly config?: Readonly<Record<string, string>>;
  }): Promise<void> {
    const { topic, partitions, replicationFactor } = options;
    const configEntries = Object.entries(options.config ?? {}).map(([name, value]) => ({ name, value }));
    let attempts = 0;
    const created = await this.#call(topic, () => {
      attempts += 1;
      return this.#kafkajs.createTopics({
        topics: [{ topic, numPartitions: partitions, replicationFactor, configEntries }],
        timeout: Math.ceil(this.#timeoutMs / 2),
        waitForLeaders: false,
      });
    });
    // An attempt whose answer was lost may have created it: then "exists already" is success.
    if (!created && attempts === 1) throw new WordcountError('topicUnavailable', `topic '${topic}' exists already`);
    await this.#waitFor(async () => {
      const description = await this.topic(topic);
      return description?.partitions.length === partitions && description.partitions.every(({ leader }) => leader >= 0);
    });
  }

  /** Resolves when the topic is gone; a topic that is not there is no error. */
  async deleteTopic(topic: string): Promise<void> {
    try {
      await this.#call(topic, () => this.#kafkajs.deleteTopics({ topics: [topic] }));
    } catch (error) {
      if (!(error instanceof WordcountError && error.code === 'topicUnavailable')) throw error;
    }
    await this.#waitFor(async () => (await this.topic(topic)) === undefined);
  }

  /** @throws WordcountError topicUnavailable */
  async offsets(topic: string): Promise<readonly PartitionOffsets[]> {
    const offsets = await this.#call(topic, () => this.#kafkajs.fetchTopicOffsets(topic));
    return offsets
      .map(({ partition, low, high }) => ({ partition, beginOffset: Number(low), endOffset: Number(high) }))
      .sort((a, b) => a.partition - b.partition);
  }

  /** Deletes the records before each offset. */
  async deleteRecords(
    topic: string,
    before: readonly { readonly partition: number; readonly offset: number }[],
  ): Promise<void> {
    await this.#call(topic, async () => {
      // kafkajs looks for leaders in metadata that it only has after another call on the topic.
      await this.#kafkajs.fetchTopicOffsets(topic);
      const partitions = before.map(({ partition, offset }) => ({ partition, offset: String(offset) }));
      await this.#kafkajs.deleteTopicRecords({ topic, partitions });
    });
  }

  /** @returns the group's committed offset (the next record to read) by partition, undefined where it has none */
  async committedOffsets(
    group: string,
    topic: string,
  ): Promise<readonly { readonly partition: number; readonly offset: number | undefined }[]> {
    const answer = await this.#call(group, () => this.#kafkajs.fetchOffsets({ groupId: group, topics: [topic] }));
    return (answer[0]?.partitions ?? [])
      .map(({ partition, offset }) => ({ partition, offset: Number(offset) < 0 ? undefined : Number(offset) }))
      .sort((a, b) => a.partition - b.partition);
  }

  /** A group that is not there is no error; one that still has members is (input). */
  async deleteGroup(group: string): Promise<void> {
    await this.#call(group, async () => {
      try {
        await this.#kafkajs.deleteGroups([group]);
      } catch (error) {
        if (rootError(error).type !== 'GROUP_ID_NOT_FOUND') throw error;
      }
    });
  }

  /** Ends within about a second, also where brokers hang. May be called twice. */
  async close(): Promise<void> {
    const disconnected = this.#kafkajs.disconnect().catch(() => undefined);
    await Promise.race([disconnected, sleep(closeGraceMs, undefined, { ref: false })]);
    this.#sockets.destroy();
  }

  async #call<T>(subject: string, action: () => Promise<T>): Promise<T> {
    const deadlineMs = performance.now() + this.#timeoutMs;
    for (;;) {
      try {
        return await within(deadlineMs, action);
      } catch (error) {
        const { sightings } = this.#sockets;
        const final = finalError(error, subject, sightings);
        if (final !== undefined) throw final;
        if (performance.now() + retryDelayMs >= deadlineMs) {
          throw timeUpError(sightings, { ...this.#connection, timeoutMs: this.#timeoutMs });
        }
      }
      await sleep(retryDelayMs);
    }
  }

  async #waitFor(condition: () => Promise<boolean>): Promise<void> {
    const deadlineMs = performance.now() + this.#timeoutMs;
    while (!(await condition())) {
      if (performance.now() >= deadlineMs) {
        throw new WordcountError('timeout', `the brokers did not settle within ${this.#timeoutMs} ms (--timeout)`);
      }
      await sleep(retryDelayMs / 4);
    }
  }
}

export interface AdminOptions {
  readonly timeoutMs: number;
  readonly clientId?: string;
}
