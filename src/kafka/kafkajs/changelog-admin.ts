import type { Connection } from '../../config/connection.ts';
import type { GroupConfig } from '../../config/group.ts';
import { ClusterError } from '../../errors.ts';
import { clientIdIn, processOf, transactionalIdOf } from '../transactional-id.ts';
import { BrokerCalls } from './broker-calls.ts';
import type { BrokerConnections } from './cluster.ts';
import { rootError } from './errors.ts';
import type { TransactionCoordinator } from './transaction-coordinators.ts';

/** Members of other programs are left out. */
export interface GroupProcesses {
  readonly processes: readonly string[];
  /** Index is the partition. */
  readonly owners: readonly (string | undefined)[];
}

/**
 * What the supervisor of a durable group asks of the brokers before it lets a member count a
 * partition. Each call ends within `timeoutMs`.
 */
export class ChangelogAdmin {
  readonly #calls: BrokerCalls;
  /** Groups whose transactional ids this user may describe. */
  readonly #described = new Set<string>();

  /** @throws ClusterError usage when a client property can't be honoured */
  constructor(connection: Connection, timeoutMs: number) {
    this.#calls = new BrokerCalls(connection, { clientId: 'consumer-cluster-changelog', timeoutMs });
  }

  /**
   * Ends of partitions of the changelog, open transactions included: a reader that has reached
   * them under read_committed has seen every commit that was accepted before this call.
   * @returns in the order of `partitions`
   * @throws ClusterError brokerUnavailable, topicUnavailable
   */
  async changelogEnds(topic: string, partitions: readonly number[]): Promise<number[]> {
    const offsets = await this.#calls.call(topic, (brokers) => brokers.offsets(topic, { partitions }));
    const ends = new Map(offsets.map(({ partition, highWatermark }) => [partition, highWatermark]));
    return partitions.map((partition) => {
      const end = ends.get(partition);
      if (end !== undefined) return end;
      throw new ClusterError('topicUnavailable', `topic '${topic}' has no partition ${partition}`);
    });
  }

  /**
   * Aborts the open transactions of the group's former members, which would hold back readers of the
   * changelog until `transaction.timeout.ms`.
   * @returns their transactional ids
   * @throws ClusterError accessDenied; brokerUnavailable while a broker that may coordinate one does
   * not respond, after those at the other brokers have been ended
   */
  async endDeadTransactions(groupId: string): Promise<string[]> {
    const ended = new Set<string>();
    await this.#calls.call(groupId, async (brokers) => {
      try {
        await brokers.transactions.atEach((coordinator) => this.#endDeadAt(coordinator, brokers, groupId, ended));
      } catch (error) {
        throw isDenied(error) ? notAuthorizedFor(groupId) : error;
      }
    });
    return [...ended];
  }

  /**
   * The processes of a stable group, and which of them owns each partition.
   * @returns undefined during a rebalance
   * @throws ClusterError accessDenied, brokerUnavailable
   */
  async processes(
    { groupId, groupProtocol }: Pick<GroupConfig, 'groupId' | 'groupProtocol'>,
    { topic, partitions }: { readonly topic: string; readonly partitions: number },
  ): Promise<GroupProcesses | undefined> {
    const group = await this.#calls.call(groupId, async ({ groups }) => ({
      description: await groups.describeMembers(groupId, groupProtocol),
    }));
    if (group.description?.state !== 'Stable') return undefined;
    const processes = new Set<string>();
    const owners = Array.from({ length: partitions }, (): string | undefined => undefined);
    for (const { clientId, assigned } of group.description.members) {
      const process = processOf(clientId, groupId);
      if (process === undefined) continue;
      processes.add(process);
      const own = assigned.filter((each) => each.topic === topic).flatMap((each) => each.partitions);
      for (const partition of own) if (partition < partitions) owners[partition] = process;
    }
    return { processes: [...processes], owners };
  }

  /** Ends within half a second; calls under way fail. */
  close(): Promise<void> {
    return this.#calls.close();
  }

  /**
   * A live member is never fenced. It begins transactions only while it is in the group, and the
   * group is described after the transactions were listed. So the owner of a listed transaction that
   * the description does not contain has left the group in between or before, and the coordinator of
   * the group refuses its offsets: it could not have committed the transaction.
   */
  async #endDeadAt(
    coordinator: TransactionCoordinator,
    brokers: BrokerConnections,
    groupId: string,
    ended: Set<string>,
  ): Promise<void> {
    await this.#requireDescribe(coordinator, groupId);
    const open = await coordinator.openTransactions();
    const own = open.flatMap((transactionalId) => {
      const clientId = clientIdIn(transactionalId, groupId);
      return clientId === undefined ? [] : [{ transactionalId, clientId }];
    });
    if (own.length === 0) return;
    const description = await brokers.groups.describeGroup(groupId);
    const live = new Set(description?.members.map(({ clientId }) => clientId));
    const dead = own.filter(({ clientId }) => !live.has(clientId));
    const aborts = dead.map(async ({ transactionalId }) => {
      ended.add(transactionalId);
      await coordinator.abort(transactionalId);
    });
    for (const outcome of await Promise.allSettled(aborts)) if (outcome.status === 'rejected') throw outcome.reason;
  }

  /** Lists of transactions leave out those that the user may not describe. */
  async #requireDescribe(coordinator: TransactionCoordinator, groupId: string): Promise<void> {
    if (this.#described.has(groupId)) return;
    await coordinator.requireDescribe(transactionalIdOf(groupId, ''));
    this.#described.add(groupId);
  }
}

function isDenied(error: unknown): boolean {
  return rootError(error).type === 'TRANSACTIONAL_ID_AUTHORIZATION_FAILED';
}

function notAuthorizedFor(groupId: string): ClusterError {
  const prefix = transactionalIdOf(groupId, '');
  return new ClusterError('accessDenied', `not authorized to end transactions of group '${groupId}'`, {
    hint: `grant this user Write on transactional ids with the prefix ${prefix} (kafka-acls --transactional-id '${prefix}' --resource-pattern-type prefixed --operation Write); docs/security.md lists the rights`,
  });
}
