import type { Connection } from './connection.ts';
import type { AssignmentStrategy, GroupProtocol } from './group-protocols.ts';
import { machineLimits } from './machine-limits.ts';
import type { Tokenizer } from './tokenizers.ts';

/** How one group consumes: the same for each of its members. */
export interface GroupConfig {
  readonly groupId: string;
  /** Kafka's classic protocol, or the broker-side one of KIP-848. */
  readonly groupProtocol: GroupProtocol;
  /** Assignor of the classic protocol; the `consumer` protocol leaves it to the broker. */
  readonly assignmentStrategy: AssignmentStrategy;
  /**
   * True when each member has a group.instance.id, so that a replacement takes over the slot and
   * the partitions of its predecessor without a rebalance.
   */
  readonly staticMembership: boolean;
  /**
   * Static members: the beginning of their group.instance.ids, by default the group's id. Other
   * processes with members in this group have others.
   */
  readonly groupInstanceId?: string;
  /** A member is removed after this time without a heartbeat. Set by the brokers under KIP-848. */
  readonly sessionTimeoutMs: number;
  /** Longest time between two polls before the client leaves the group automatically. */
  readonly maxPollIntervalMs: number;
  readonly tokenizer: Tokenizer;
  /** Service time of each record, as a downstream call would take; 0 for none. Microseconds. */
  readonly workUs: number;
  /** Limit of records in one batch: values and rows stay in the processor's cache until counted. */
  readonly batchRecordsMax: number;
  /** Limit of fetched records that are not counted yet, all members together. Mebibytes. */
  readonly memoryMib: number;
  /** Time between two commits of the group's offsets to Kafka. */
  readonly commitIntervalMs: number;
  /** Present when counts are kept in Kafka (docs/durable.md). */
  readonly durable?: DurableConfig;
}

export interface DurableConfig {
  /** The compacted topic that holds the counts. */
  readonly changelogTopic: string;
  /** The brokers abort a transaction of a member that is neither finished nor ended by another process after this time. */
  readonly transactionTimeoutMs: number;
  /**
   * Copies of each table in processes that do not own it, kept current all the time: one in every
   * process, or up to the given number. Tables without a copy are restored when they are assigned.
   */
  readonly standby: 'all' | number;
}

export const groupDefaults = {
  groupProtocol: 'classic',
  assignmentStrategy: 'range',
  staticMembership: false,
  sessionTimeoutMs: 3_000,
  maxPollIntervalMs: 60_000,
  tokenizer: 'unicode',
  workUs: 0,
  batchRecordsMax: 4_096,
  memoryMib: memoryMibByDefault(machineLimits().memoryMib),
  commitIntervalMs: 1_000,
} as const satisfies Omit<GroupConfig, 'groupId'>;

/** Why a durable group cannot use the mock cluster. */
export const mockIsNotDurable = {
  message: 'the mock cluster does not support durable counts (--brokers mock)',
  hint: 'omit --brokers mock, or omit --durable',
} as const;

export const durableDefaults = {
  transactionTimeoutMs: 60_000,
  standby: 'all',
} as const satisfies Omit<DurableConfig, 'changelogTopic'>;

/**
 * The default of --memory-mib: 128 MiB, or a sixteenth of the memory if that is less. Pure.
 * @param memoryMib - memory that the process may use
 */
export function memoryMibByDefault(memoryMib: number): number {
  return Math.round(Math.min(128, Math.max(8, memoryMib / 16)));
}

type GroupTimeouts = Pick<GroupConfig, 'sessionTimeoutMs' | 'maxPollIntervalMs'>;

const timeoutDefaults: Readonly<Record<Connection['source'], GroupTimeouts>> = {
  managed: groupDefaults,
  mock: groupDefaults,
  // Kafka's defaults, which every broker accepts unless its operator has changed its limits.
  external: { sessionTimeoutMs: 45_000, maxPollIntervalMs: 300_000 },
};

/**
 * The timeouts of a group. Managed brokers allow sessions of 3 s for quick takeovers; stock brokers
 * reject sessions below 6 s.
 * @param sessionTimeoutMs - value of --session-timeout; undefined selects the default for these
 *   brokers
 */
export function groupTimeouts(source: Connection['source'], sessionTimeoutMs: number | undefined): GroupTimeouts {
  const defaults = timeoutDefaults[source];
  const chosenMs = sessionTimeoutMs ?? defaults.sessionTimeoutMs;
  // The client rejects a poll interval below the session timeout.
  return { sessionTimeoutMs: chosenMs, maxPollIntervalMs: Math.max(defaults.maxPollIntervalMs, chosenMs) };
}
