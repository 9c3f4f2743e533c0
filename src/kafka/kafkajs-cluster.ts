import { createRequire } from 'node:module';
import type { KafkaConfig } from 'kafkajs';
import type { PartitionOffsets } from './cluster-facts.ts';
import { decodeFetchResponse, type FetchResponse } from './fetch-response.ts';
import { rootError } from './kafkajs-errors.ts';
import type { KafkajsMessage } from './kafkajs-requests.ts';
import { consumerGroupLeaveMessage, type GroupMember, type Leaving } from './leave-request.ts';
import { topicIdentityMessage, type TopicIdentity } from './topic-identity.ts';

/**
 * The parts of kafkajs below its consumer and admin, which it does not export: a consumer would join a group, make an
 * object of each record and not stop at an offset; an admin asks any broker, never all. They are those of version 2.2.4,
 * which package.json pins.
 */
interface KafkajsCluster {
  connect(): Promise<void>;
  disconnect(): Promise<void>;
  addTargetTopic(topic: string): Promise<void>;
  refreshMetadata(): Promise<void>;
  getNodeIds(): readonly string[];
  findBroker(options: { readonly nodeId: number | string }): Promise<KafkajsBroker>;
  findGroupCoordinator(options: { readonly groupId: string }): Promise<KafkajsBroker>;
  fetchTopicsOffset(
    topics: readonly {
      readonly topic: string;
      readonly partitions: readonly { readonly partition: number }[];
      readonly fromBeginning: boolean;
    }[],
  ): Promise<readonly { readonly partitions: readonly { readonly offset: string }[] }[]>;
  findTopicPartitionMetadata(topic: string): readonly { readonly partitionId: number; readonly leader: number }[];
}

interface KafkajsBroker {
  readonly nodeId: number | string;
  offsetCommit(request: {
    readonly groupId: string;
    readonly groupGenerationId: number;
    readonly memberId: string;
    readonly topics: readonly {
      readonly topic: string;
      readonly partitions: readonly { readonly partition: number; readonly offset: string }[];
    }[];
  }): Promise<unknown>;
  leaveGroup(options: { readonly groupId: string; readonly memberId: string }): Promise<unknown>;
  metadata(topics: readonly string[]): Promise<{
    readonly topicMetadata: readonly { readonly partitionMetadata: readonly { readonly leader: number }[] }[];
  }>;
  readonly connectionPool: {
    send<T>(message: KafkajsMessage<T>): Promise<T>;
  };
}

interface FetchRequest {
  readonly topic: string;
  readonly partitions: readonly {
    readonly partition: number;
    readonly fetchOffset: string;
    readonly maxBytes: number;
  }[];
  readonly maxBytes: number;
  readonly maxWaitTimeMs: number;
}

const require = createRequire(import.meta.url);
const fetchVersion = 11;
const readCommitted = 1;
/** UNKNOWN_MEMBER_ID, GROUP_ID_NOT_FOUND, FENCED_INSTANCE_ID. */
const notThere: readonly number[] = [25, 69, 82];

/** Connections to all brokers of a cluster, each of which can be asked by itself. */
export class BrokerConnections {
  readonly #cluster: KafkajsCluster;
  readonly #encodeFetch: (request: object) => { readonly request: object };

  readonly #createError: (code: number) => Error;

  constructor(config: KafkaConfig) {
    const Cluster = require('kafkajs/src/cluster') as new (options: object) => KafkajsCluster;
    const { createLogger } = require('kafkajs/src/loggers') as {
      readonly createLogger: (options: object) => object;
    };
    const fetch = require('kafkajs/src/protocol/requests/fetch') as {
      protocol(options: { readonly version: number }): (request: object) => { readonly request: object };
    };
    const { createErrorFromCode } = require('kafkajs/src/protocol/error') as {
      readonly createErrorFromCode: (code: number) => Error;
    };
    this.#createError = createErrorFromCode;
    this.#encodeFetch = fetch.protocol({ version: fetchVersion });
    this.#cluster = new Cluster({
      ...config,
      logger: createLogger({ level: config.logLevel, logCreator: config.logCreator }),
      isolationLevel: readCommitted,
      allowAutoTopicCreation: false,
    });
  }

  connect(): Promise<void> {
    return this.#cluster.connect();
  }

  disconnect(): Promise<void> {
    return this.#cluster.disconnect();
  }

  /** @returns the leader's node id by partition, asked anew; -1 where there is none at present */
  async leaders(topic: string): Promise<ReadonlyMap<number, number>> {
    await this.#cluster.addTargetTopic(topic);
    await this.#cluster.refreshMetadata();
    const partitions = this.#cluster.findTopicPartitionMetadata(topic);
    return new Map(partitions.map(({ partitionId, leader }) => [partitionId, leader]));
  }

  /**
   * What each broker that can be reached knows of a topic, since they learn of changes one after the other.
   * @returns for each, how many partitions with a leader it knows; 0 when it does not know the topic
   */
  async knownPartitions(topic: string): Promise<number[]> {
    await this.#cluster.refreshMetadata();
    const ask = async (nodeId: string): Promise<number[]> => {
      try {
        const broker = await this.#cluster.findBroker({ nodeId });
        const { topicMetadata } = await broker.metadata([topic]);
        return [topicMetadata[0]?.partitionMetadata.filter(({ leader }) => leader >= 0).length ?? 0];
      } catch (error) {
        const { type } = rootError(error);
        return type === 'UNKNOWN_TOPIC_OR_PARTITION' || type === 'LEADER_NOT_AVAILABLE' ? [0] : [];
      }
    };
    return (await Promise.all(this.#cluster.getNodeIds().map(ask))).flat();
  }

  /**
   * Sets committed offsets as a tool does that is no member of the group: the group must be empty.
   * @param offsets - index is the partition
   */
  async commitFromOutside(groupId: string, topic: string, offsets: readonly number[]): Promise<void> {
    const coordinator = await this.#cluster.findGroupCoordinator({ groupId });
    const partitions = offsets.map((offset, partition) => ({ partition, offset: String(offset) }));
    const topics = [{ topic, partitions }];
    await coordinator.offsetCommit({ groupId, groupGenerationId: -1, memberId: '', topics });
  }

  async fetch(nodeId: number, request: FetchRequest): Promise<FetchResponse> {
    const { topic, partitions, maxBytes, maxWaitTimeMs } = request;
    const message = this.#encodeFetch({
      isolationLevel: readCommitted,
      maxWaitTime: maxWaitTimeMs,
      minBytes: 1,
      maxBytes,
      topics: [{ topic, partitions }],
      rackId: '',
    });
    const broker = await this.#cluster.findBroker({ nodeId });
    return broker.connectionPool.send<FetchResponse>({
      request: message.request,
      response: {
        decode: (bytes) => Promise.resolve(decodeFetchResponse(bytes)),
        parse: (response) => Promise.resolve(response),
      },
    });
  }

  /** Where a partition begins and ends, as its leader says. */
  async partitionOffsets(topic: string, partition: number): Promise<PartitionOffsets> {
    await this.leaders(topic);
    const ask = async (fromBeginning: boolean): Promise<number> => {
      const [answer] = await this.#cluster.fetchTopicsOffset([{ topic, partitions: [{ partition }], fromBeginning }]);
      const offset = Number(answer?.partitions[0]?.offset);
      if (!Number.isSafeInteger(offset)) throw new Error('no offset in the answer');
      return offset;
    };
    const beginOffset = await ask(true);
    return { partition, beginOffset, endOffset: await ask(false) };
  }

  /**
   * What each broker that can be reached says a topic is, by its id: they learn one after the other that a topic was
   * deleted, made anew or given more partitions.
   */
  async topicIdentities(topic: string): Promise<(TopicIdentity | undefined)[]> {
    await this.#cluster.refreshMetadata();
    const ask = async (nodeId: string): Promise<(TopicIdentity | undefined)[]> => {
      try {
        const broker = await this.#cluster.findBroker({ nodeId });
        return [await broker.connectionPool.send(topicIdentityMessage(topic))];
      } catch {
        return [];
      }
    };
    return (await Promise.all(this.#cluster.getNodeIds().map(ask))).flat();
  }

  /** Node id of the broker that coordinates the group. */
  async coordinatorOf(groupId: string): Promise<number> {
    return Number((await this.#cluster.findGroupCoordinator({ groupId })).nodeId);
  }

  /**
   * Leaves a group of the classic protocol in the name of one of its members.
   * @throws an error of kafkajs's whose `type` is Kafka's name for it; of a member that is not in the group, none
   */
  async leaveClassicGroup(groupId: string, groupMemberId: string): Promise<void> {
    const coordinator = await this.#cluster.findGroupCoordinator({ groupId });
    try {
      await coordinator.leaveGroup({ groupId, memberId: groupMemberId });
    } catch (error) {
      if (rootError(error).type !== 'UNKNOWN_MEMBER_ID') throw error;
    }
  }

  /** The same for a group of the `consumer` protocol. A member whose replacement is there is not in the group any more. */
  async leaveConsumerGroup(groupId: string, member: GroupMember, leaving: Leaving): Promise<void> {
    const coordinator = await this.#cluster.findGroupCoordinator({ groupId });
    const errorCode = await coordinator.connectionPool.send(consumerGroupLeaveMessage(groupId, member, leaving));
    if (errorCode !== 0 && !notThere.includes(errorCode)) throw this.#createError(errorCode);
  }
}
