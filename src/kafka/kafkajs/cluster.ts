import { createRequire } from 'node:module';
import type { Admin, KafkaConfig } from 'kafkajs';
import type { BrokerAddress, PartitionOffsets } from '../cluster-facts.ts';
import { decodeFetchResponse, type FetchResponse } from '../wire/fetch-response.ts';
import { GroupCoordinators } from './group-coordinators.ts';
import { rootError } from './errors.ts';
import { createKafkajsAdmin, createKafkajsCluster, type KafkajsBroker, type KafkajsCluster } from './internals.ts';
import { metadataMessage, type TopicMetadata } from './metadata-request.ts';
import { noLeaderError } from '../no-leader.ts';
import { isFault, PassingError } from './retried.ts';
import { identityVersion, identityWithoutId, metadataKey, topicIdentityMessage } from './identity-request.ts';
import type { TopicIdentity } from '../topic-identity.ts';
import { TransactionCoordinators } from './transaction-coordinators.ts';

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

export interface OffsetsOptions {
  readonly partitions?: readonly number[];
  readonly withLeader?: boolean;
}

const require = createRequire(import.meta.url);
const fetchVersion = 11;
const isolation = { readUncommitted: 0, readCommitted: 1 } as const;
/** Timestamps that select the two ends of a partition in ListOffsets. */
const atTime = { latest: -1, earliest: -2 } as const;

/**
 * Connections to all brokers of a cluster, each of which can be queried separately. Calls request
 * only the topics that they need, so an unrelated topic in a bad state cannot fail them.
 */
export class BrokerConnections {
  readonly groups: GroupCoordinators;
  readonly transactions: TransactionCoordinators;
  readonly #config: KafkaConfig;
  readonly #cluster: KafkajsCluster;
  readonly #encodeFetch: (request: object) => { readonly request: object };
  #refreshing: Promise<void> | undefined;

  constructor(config: KafkaConfig) {
    const fetch = require('kafkajs/src/protocol/requests/fetch') as {
      protocol(options: { readonly version: number }): (request: object) => { readonly request: object };
    };
    this.#encodeFetch = fetch.protocol({ version: fetchVersion });
    this.#config = config;
    this.#cluster = createKafkajsCluster(config, { isolationLevel: isolation.readCommitted });
    this.groups = new GroupCoordinators(this.#cluster, () => this.#refreshBrokers());
    this.transactions = new TransactionCoordinators(this.#cluster, () => this.#refreshBrokers());
  }

  /** kafkajs's admin client on the same connections; it is disconnected with them. */
  admin(): Admin {
    return createKafkajsAdmin(this.#cluster, this.#config);
  }

  connect(): Promise<void> {
    return this.#cluster.connect();
  }

  disconnect(): Promise<void> {
    return this.#cluster.disconnect();
  }

  /** All current brokers of the cluster, from fresh metadata. */
  async brokers(): Promise<readonly BrokerAddress[]> {
    await this.#refreshBrokers();
    const brokers = this.#cluster.brokerPool.metadata?.brokers ?? [];
    return brokers.map(({ nodeId, host, port }) => ({ nodeId, host, port }));
  }

  /** Resolves when one of the brokers is reached at the address that it advertises. */
  async reachAny(): Promise<void> {
    await this.#refreshBrokers();
    await Promise.any(this.#cluster.getNodeIds().map((nodeId) => this.#cluster.findBroker({ nodeId })));
  }

  /** The names of all topics that the user may see. */
  async topicNames(): Promise<readonly string[]> {
    const broker = await this.#anyBroker();
    const { topicMetadata } = await broker.connectionPool.send(metadataMessage('all'));
    return topicMetadata.map(({ topic }) => topic);
  }

  /** @throws kafkajs's form of Kafka's error, UNKNOWN_TOPIC_OR_PARTITION for a missing topic */
  async topic(topic: string): Promise<TopicMetadata> {
    const broker = await this.#anyBroker();
    const { topicMetadata } = await broker.metadata([topic]);
    const [found] = topicMetadata;
    if (found === undefined) throw new Error('no topic in the response');
    return found;
  }

  /**
   * What each reachable broker knows about a topic, since brokers learn of changes one after the
   * other.
   * @returns for each broker, the number of partitions with a leader; 0 when it does not know the
   * topic
   */
  async knownPartitions(topic: string): Promise<number[]> {
    const ask = async (broker: KafkajsBroker): Promise<number> => {
      try {
        const { topicMetadata } = await broker.metadata([topic]);
        return topicMetadata[0]?.partitionMetadata.filter(({ leader }) => leader >= 0).length ?? 0;
      } catch (error) {
        const { type } = rootError(error);
        if (type === 'UNKNOWN_TOPIC_OR_PARTITION' || type === 'LEADER_NOT_AVAILABLE') return 0;
        throw error;
      }
    };
    return this.#askEach(ask, () => false);
  }

  async fetch(nodeId: number, request: FetchRequest): Promise<FetchResponse> {
    const { topic, partitions, maxBytes, maxWaitTimeMs } = request;
    const message = this.#encodeFetch({
      isolationLevel: isolation.readCommitted,
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

  /**
   * Begin and end offsets of partitions, from their leaders.
   * @param options.partitions - default: all of the topic
   * @param options.withLeader - true: skips partitions without a leader
   * @throws PassingError while a partition has no leader
   */
  async offsets(topic: string, options: OffsetsOptions = {}): Promise<PartitionOffsets[]> {
    const { partitionMetadata } = await this.topic(topic);
    const partitions = partitionMetadata.filter(
      ({ partitionId, leader }) =>
        (options.partitions?.includes(partitionId) ?? true) && (leader >= 0 || options.withLeader !== true),
    );
    const leaderless = partitions
      .filter(({ leader }) => leader < 0)
      .map(({ partitionId: partition, replicas }) => ({ partition, replicas }));
    // Another replica may take over at any time.
    if (leaderless.length > 0) throw new PassingError(noLeaderError(topic, leaderless));
    const nodes = [...new Set(partitions.map(({ leader }) => leader))];
    const ofNode = (nodeId: number): number[] =>
      partitions.filter(({ leader }) => leader === nodeId).map(({ partitionId }) => partitionId);
    const offsets = await Promise.all(nodes.map((nodeId) => this.#offsetsAt(nodeId, topic, ofNode(nodeId))));
    return offsets.flat().sort((a, b) => a.partition - b.partition);
  }

  /**
   * The topic id that each reachable broker reports; brokers learn one after the other that a topic
   * was deleted, recreated or extended.
   * @throws kafkajs's TOPIC_AUTHORIZATION_FAILED when one of them denies access
   */
  async topicIdentities(topic: string): Promise<(TopicIdentity | undefined)[]> {
    const ask = (broker: KafkajsBroker): Promise<TopicIdentity | undefined> => {
      const tellsIds = (broker.versions[metadataKey]?.maxVersion ?? 0) >= identityVersion;
      return tellsIds ? broker.connectionPool.send(topicIdentityMessage(topic)) : identityWithoutId(broker, topic);
    };
    return this.#askEach(ask, (error) => rootError(error).type === 'TOPIC_AUTHORIZATION_FAILED');
  }

  async #offsetsAt(nodeId: number, topic: string, partitions: readonly number[]): Promise<PartitionOffsets[]> {
    const broker = await this.#cluster.findBroker({ nodeId });
    const ask = async (timestamp: number, isolationLevel: number): Promise<ReadonlyMap<number, number>> => {
      const topics = [{ topic, partitions: partitions.map((partition) => ({ partition, timestamp })) }];
      const { responses } = await broker.listOffsets({ isolationLevel, topics });
      return new Map((responses[0]?.partitions ?? []).map(({ partition, offset }) => [partition, Number(offset)]));
    };
    const begins = await ask(atTime.earliest, isolation.readUncommitted);
    // In this order: records that arrive in between must not look as if a transaction held them back.
    const highWatermarks = await ask(atTime.latest, isolation.readUncommitted);
    const ends = await ask(atTime.latest, isolation.readCommitted);
    return partitions.map((partition) => {
      const [beginOffset = NaN, highWatermark = NaN, end = NaN] = [begins, highWatermarks, ends].map((offsets) =>
        offsets.get(partition),
      );
      if (!Number.isSafeInteger(beginOffset + highWatermark + end)) throw new Error('no offset in the response');
      return { partition, beginOffset, endOffset: Math.min(end, highWatermark), highWatermark };
    });
  }

  async #anyBroker(): Promise<KafkajsBroker> {
    await this.#refreshBrokers();
    return this.#cluster.brokerPool.findConnectedBroker();
  }

  /** kafkajs replaces its list of brokers as it goes, so never twice at once. */
  #refreshBrokers(): Promise<void> {
    this.#refreshing ??= this.#cluster.brokerPool.refreshMetadata([]).finally(() => {
      this.#refreshing = undefined;
    });
    return this.#refreshing;
  }

  /**
   * Asks every broker. Those that do not answer are left out.
   * @param isFinal - whether what a broker has failed with is an answer all the same, and fails the
   * call
   */
  async #askEach<T>(ask: (broker: KafkajsBroker) => Promise<T>, isFinal: (error: unknown) => boolean): Promise<T[]> {
    await this.#refreshBrokers();
    const askOne = async (nodeId: string): Promise<T[]> => {
      try {
        return [await ask(await this.#cluster.findBroker({ nodeId }))];
      } catch (error) {
        if (isFinal(error) || isFault(error)) throw error;
        return [];
      }
    };
    return (await Promise.all(this.#cluster.getNodeIds().map(askOne))).flat();
  }
}
