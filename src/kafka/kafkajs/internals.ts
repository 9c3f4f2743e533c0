import { createRequire } from 'node:module';
import type * as Kafkajs from 'kafkajs';
import type { Admin, KafkaConfig } from 'kafkajs';
import type { DescribedMember } from './group-description.ts';
import type { KafkajsMessage } from './requests.ts';
import { metadataMessage, type ClusterMetadata } from './metadata-request.ts';

/**
 * The parts of kafkajs below its consumer and admin, which it does not export. A consumer would
 * join a group, create an object per record and not stop at an offset; an admin asks any broker,
 * never all. package.json pins version 2.2.4, which these types describe.
 */
export interface KafkajsCluster {
  readonly brokerPool: KafkajsBrokerPool;
  connect(): Promise<void>;
  disconnect(): Promise<void>;
  getNodeIds(): readonly string[];
  findBroker(options: { readonly nodeId: number | string }): Promise<KafkajsBroker>;
}

interface KafkajsBrokerPool {
  readonly metadata: ClusterMetadata | null;
  createBroker: (options: object) => KafkajsBroker;
  findConnectedBroker(): Promise<KafkajsBroker>;
  refreshMetadata(topics: readonly string[]): Promise<void>;
}

export interface KafkajsBroker {
  readonly nodeId: number | string;
  /** Requests of a connected broker, by API key. */
  readonly versions: Readonly<Record<number, { readonly maxVersion: number } | undefined>>;
  metadata: (topics: readonly string[]) => Promise<ClusterMetadata>;
  listOffsets(request: {
    readonly isolationLevel: number;
    readonly topics: readonly {
      readonly topic: string;
      readonly partitions: readonly { readonly partition: number; readonly timestamp: number }[];
    }[];
  }): Promise<{
    readonly responses: readonly {
      readonly partitions: readonly { readonly partition: number; readonly offset: string }[];
    }[];
  }>;
  offsetCommit(request: {
    readonly groupId: string;
    readonly groupGenerationId: number;
    readonly memberId: string;
    readonly topics: readonly {
      readonly topic: string;
      readonly partitions: readonly { readonly partition: number; readonly offset: string }[];
    }[];
  }): Promise<unknown>;
  /** Type 0 is a group's, 1 that of a transactional id, which is then passed as `groupId`. */
  findGroupCoordinator(options: { readonly groupId: string; readonly coordinatorType: number }): Promise<{
    readonly coordinator: { readonly nodeId: number };
  }>;
  /** Aborts an open transaction of that id, and makes its producer unable to begin another one. */
  initProducerId(options: { readonly transactionalId: string; readonly transactionTimeout: number }): Promise<unknown>;
  describeGroups(options: { readonly groupIds: readonly string[] }): Promise<{
    readonly groups: readonly {
      readonly state: string;
      readonly protocolType: string;
      readonly protocol: string;
      readonly members: readonly (Omit<DescribedMember, 'instanceId' | 'assigned'> & {
        readonly memberAssignment: Buffer;
      })[];
    }[];
  }>;
  leaveGroup(options: { readonly groupId: string; readonly memberId: string }): Promise<unknown>;
  readonly connectionPool: {
    send<T>(message: KafkajsMessage<T>): Promise<T>;
  };
}

const require = createRequire(import.meta.url);

/** What kafkajs exports. Its 143 modules are loaded with the first connection, not with --help. */
export function kafkajsExports(): typeof Kafkajs {
  return require('kafkajs') as typeof Kafkajs;
}

/**
 * Connections of kafkajs to a cluster, with metadata requests limited to named topics. When no
 * topic is named, kafkajs itself asks for all topics, and fails if any of them has a partition
 * without a leader.
 */
export function createKafkajsCluster(
  config: KafkaConfig,
  options: { readonly isolationLevel: number },
): KafkajsCluster {
  const Cluster = require('kafkajs/src/cluster') as new (options: object) => KafkajsCluster;
  const cluster = new Cluster({ ...config, ...options, logger: createLogger(config), allowAutoTopicCreation: false });
  const { brokerPool } = cluster;
  const createBroker = brokerPool.createBroker.bind(brokerPool);
  brokerPool.createBroker = (brokerOptions) => {
    const broker = createBroker(brokerOptions);
    broker.metadata = (topics) => broker.connectionPool.send(metadataMessage(topics));
    return broker;
  };
  return cluster;
}

/** kafkajs's admin client on connections made by createKafkajsCluster. */
export function createKafkajsAdmin(cluster: KafkajsCluster, config: KafkaConfig): Admin {
  const createAdmin = require('kafkajs/src/admin') as (options: object) => Admin;
  return createAdmin({ cluster, logger: createLogger(config), retry: config.retry });
}

function createLogger(config: KafkaConfig): object {
  const { createLogger: create } = require('kafkajs/src/loggers') as {
    readonly createLogger: (options: object) => object;
  };
  return create({ level: config.logLevel, logCreator: config.logCreator });
}

/** An error of kafkajs's whose `type` is Kafka's name for the code. */
export function kafkajsError(code: number): Error {
  const { createErrorFromCode } = require('kafkajs/src/protocol/error') as {
    readonly createErrorFromCode: (code: number) => Error;
  };
  return createErrorFromCode(code);
}
