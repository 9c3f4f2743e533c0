import type { Admin as KafkajsAdmin } from 'kafkajs';
import type { Connection } from '../../config/connection.ts';
import { ClusterError } from '../../errors.ts';
import { sleep } from '../../time/sleep.ts';
import { BrokerConnections } from './cluster.ts';
import { kafkajsConfig } from './config.ts';
import type { AclRight } from './errors.ts';
import { KafkajsSockets } from './sockets.ts';
import { retried } from './retried.ts';
import { topicSettled } from './topic-settled.ts';

const offsetsTopic = '__consumer_offsets';
/** offsets.topic.num.partitions in brokers/broker-properties.ts. */
const offsetsPartitions = 4;

/** Actions of an external operator on a cluster while groups run on it. */
export class Operator {
  readonly #connection: Connection;
  readonly #timeoutMs: number;
  readonly #sockets: KafkajsSockets;
  readonly #admin: KafkajsAdmin;
  readonly #brokers: BrokerConnections;

  /** @param timeoutMs - bound on every call; what may pass is tried again until then */
  constructor(connection: Connection, timeoutMs: number) {
    this.#connection = connection;
    this.#timeoutMs = timeoutMs;
    this.#sockets = new KafkajsSockets(connection);
    const config = {
      ...kafkajsConfig(connection, {
        clientId: 'consumer-cluster-operator',
        requestTimeoutMs: 3_000,
        connectionTimeoutMs: 1_000,
      }),
      socketFactory: this.#sockets.factory,
    };
    this.#brokers = new BrokerConnections({ ...config, enforceRequestTimeout: true });
    this.#admin = this.#brokers.admin();
  }

  /**
   * Moves a partition to the given brokers, of which the first shall lead. Resolves when the
   * request was accepted.
   */
  async moveReplicas(topic: string, partition: number, replicas: readonly number[]): Promise<void> {
    await this.#call(
      topic,
      async () => {
        await this.#brokers.connect();
        const partitionAssignment = [{ partition, replicas: [...replicas] }];
        await this.#admin.alterPartitionReassignments({ topics: [{ topic, partitionAssignment }] });
      },
      'Alter',
    );
  }

  /** @param offsets - index is the partition. The group must have no members. */
  async resetCommittedOffsets(groupId: string, topic: string, offsets: readonly number[]): Promise<void> {
    await this.#call(
      groupId,
      async () => {
        await this.#brokers.connect();
        await this.#brokers.groups.commitFromOutside(groupId, topic, offsets);
      },
      'Read',
    );
  }

  /** Resolves when every broker that is up knows them. */
  async addPartitions(topic: string, count: number): Promise<void> {
    let attempts = 0;
    try {
      await this.#call(
        topic,
        async () => {
          await this.#brokers.connect();
          attempts += 1;
          await this.#admin.createPartitions({ topicPartitions: [{ topic, count }] });
        },
        'Alter',
      );
    } catch (error) {
      // An attempt whose response was lost may have added them: then a later one is refused.
      if (!(error instanceof ClusterError && error.code === 'usage' && attempts > 1)) throw error;
    }
    const known = (): Promise<number[]> => this.#call(topic, () => this.#brokers.knownPartitions(topic), 'Describe');
    await topicSettled({ partitions: count, timeoutMs: this.#timeoutMs, known });
  }

  async close(): Promise<void> {
    await Promise.race([sleep(500, undefined, { ref: false }), Promise.allSettled([this.#brokers.disconnect()])]);
    this.#sockets.destroy();
  }

  #call<T>(subject: string, action: () => Promise<T>, right: AclRight): Promise<T> {
    const sockets = this.#sockets;
    const options = { connection: this.#connection, timeoutMs: this.#timeoutMs, subject, sockets, right };
    return retried(options, action);
  }
}

/**
 * The partition of Kafka's own topic whose leader coordinates the group, on brokers that this
 * process has started.
 */
export function offsetsPartitionOf(groupId: string): { readonly topic: string; readonly partition: number } {
  return { topic: offsetsTopic, partition: coordinatingPartition(groupId, offsetsPartitions) };
}

/**
 * The partition whose leader coordinates a group or a transactional id.
 * @param partitions - of `__consumer_offsets` or `__transaction_state`
 */
export function coordinatingPartition(id: string, partitions: number): number {
  // The hash of a Java String, as the brokers compute it.
  let hash = 0;
  for (let index = 0; index < id.length; index += 1) hash = (Math.imul(hash, 31) + id.charCodeAt(index)) | 0;
  return (hash & 0x7fffffff) % partitions;
}

/** Runs `action` with an operator, and closes it whatever happens. */
export async function withOperator<T>(
  connection: Connection,
  timeoutMs: number,
  action: (operator: Operator) => Promise<T>,
): Promise<T> {
  const operator = new Operator(connection, timeoutMs);
  try {
    return await action(operator);
  } finally {
    await operator.close();
  }
}
