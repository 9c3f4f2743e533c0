import type { EventEmitter } from 'node:events';
import type { GroupEvents } from './group-events.ts';
import type { GroupStatus } from './group-status.ts';
import type { ConnectionOptions } from './used-brokers.ts';

/** How members of a group consume, whatever runs the group. */
export interface GroupSettings {
  /** Kafka's classic protocol, or `consumer`, the broker-side one of KIP-848. Default: `classic`. */
  readonly groupProtocol?: 'classic' | 'consumer';
  /** Assignor of the classic protocol. Default: `range`. */
  readonly assignmentStrategy?: 'range' | 'roundrobin' | 'cooperative-sticky';
  /**
   * Classic protocol: the coordinator removes a member after this time without a heartbeat, in
   * milliseconds. Default: 3,000 on brokers of `startBrokers()`, otherwise 45,000.
   */
  readonly sessionTimeoutMs?: number;
  /** What a word is: letters, marks, digits and `_` of all scripts, or of ASCII. Default: `unicode`. */
  readonly tokenizer?: 'unicode' | 'ascii';
  /**
   * Limit for fetched records that are not counted yet, all members together, in mebibytes, from 8.
   * Default: 128, or a sixteenth of the memory if that is less.
   */
  readonly memoryMib?: number;
}

/** How {@link startGroup} starts the group. */
export interface GroupOptions extends ConnectionOptions, GroupSettings {
  /** An existing topic. */
  readonly topic: string;
  /** Members at the start, 0 to 64. Default: 2. */
  readonly members?: number;
  /** Most members at once, which share `memoryMib`. Default: `members`. */
  readonly membersMax?: number;
  /**
   * Id of the group, which must not have other members. It is not deleted. Default: a new id, deleted
   * by `stop()`.
   */
  readonly groupId?: string;
  /** Members have a `group.instance.id`, so that a replacement takes its predecessor's partitions. */
  readonly staticMembership?: boolean;
  /** Service time of each record, in microseconds, as a call to another system takes. Default: 0. */
  readonly workUs?: number;
  /** False: a member that crashes is not replaced. Default: true. */
  readonly replaceCrashed?: boolean;
  /**
   * When records were deleted before they were counted, `stop` ends the group with an error, and
   * `continue` reports them as `recordsLost`. Default: `stop`.
   */
  readonly onTruncation?: 'stop' | 'continue';
  /** Ends the start early. It does not stop a group that runs. */
  readonly signal?: AbortSignal;
}

/** Limits of a wait. */
export interface WaitLimits {
  /** In milliseconds. */
  readonly timeoutMs?: number;
  readonly signal?: AbortSignal;
}

/** The counts of a topic's words, and the records that were counted. */
export interface TopicCounts {
  readonly topic: string;
  /** Kafka's id of the topic; undefined where the brokers do not report it. */
  readonly topicId: string | undefined;
  /** Number of occurrences by word, which is in lower case. */
  readonly words: ReadonlyMap<string, number>;
  /** One per partition. */
  readonly ranges: readonly {
    readonly partition: number;
    /** The first offset. */
    readonly begin: number;
    /** Exclusive. */
    readonly end: number;
    /** Records between them; not every offset holds one. */
    readonly records: number;
  }[];
}

/** A running consumer group. Its events are those of {@link GroupEvents}. */
export interface Group extends EventEmitter<GroupEvents>, AsyncDisposable {
  readonly groupId: string;
  readonly topic: string;
  /** Aborted, with a {@link ClusterError} as its reason, when the group cannot continue. */
  readonly failed: AbortSignal;
  /**
   * Starts one more member.
   * @returns its number
   * @throws {@link ClusterError} `usage` after `stop()`
   */
  addMember(): number;
  /**
   * The member finishes its batch, commits, hands over and leaves the group. Resolves when its
   * thread has ended.
   * @throws {@link ClusterError} `usage` when there is no such member
   */
  drainMember(memberId: number): Promise<void>;
  /**
   * A crash: the member's thread ends in the middle of its work, and its client says nothing.
   * Resolves when the thread has ended.
   * @param options - `leave: false` keeps the supervisor from leaving the group for the member: the
   *   coordinator notices only when the session ends, as when a machine is lost. Default: true.
   * @throws {@link ClusterError} `usage` when there is no such member
   */
  killMember(memberId: number, options?: { readonly leave?: boolean }): Promise<void>;
  /** The state of the group now. */
  snapshot(): GroupStatus;
  /**
   * Resolves when every partition has exactly one owner and surplus members are standbys.
   * @param limits - default of `timeoutMs`: 50 s and a takeover
   * @throws {@link ClusterError} `timeout`; `usage` when the group is stopped before; the error that the
   *   group failed with; the signal's reason
   */
  untilSettled(limits?: WaitLimits): Promise<void>;
  /**
   * Resolves when all records are counted that the topic has when it is called.
   * @param limits - default of `timeoutMs`: an hour
   * @throws {@link ClusterError} `timeout`; `usage` when the group is stopped before; the error that the
   *   group failed with; the signal's reason
   */
  untilCounted(limits?: WaitLimits): Promise<void>;
  /**
   * All words that were counted, 2^24 different ones at most. Counts and ranges belong together, so
   * it waits for a time in which no batch is applied.
   * @param limits - default of `timeoutMs`: 10,000
   * @throws {@link ClusterError} `timeout` when the group counts without a pause; the signal's reason
   */
  counts(limits?: WaitLimits): Promise<TopicCounts>;
  /**
   * The most frequent words while members count, most frequent first.
   * @param count - how many
   * @returns undefined while a crashed member's counts are being recovered
   */
  topWords(count: number): readonly { readonly word: string; readonly count: number }[] | undefined;
  /**
   * Ends all members and deletes the group unless `groupId` named it. Counts and the snapshot can
   * still be read. May be called several times.
   * @param how - `drain`, the default: members commit and leave; `kill`: they end at once
   */
  stop(how?: 'drain' | 'kill'): Promise<void>;
  /** The same as {@link Group.stop}, for `await using`. */
  [Symbol.asyncDispose](): Promise<void>;
}
