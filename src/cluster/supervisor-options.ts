import type { Connection } from '../config/connection.ts';
import type { GroupConfig } from '../config/group.ts';
import type { ErrorReport } from '../errors.ts';
import type { GroupRecorder } from '../history/history-recorder.ts';
import type { Restored, RestoreProgress } from '../protocol/changelog-task.ts';
import type { MemberId, Partition } from '../protocol/ids.ts';
import type { LatencyTimestamps } from '../protocol/cells/latency-timestamps.ts';
import type { MemberMessage } from '../protocol/messages.ts';
import type { LostRecords } from './lost-records.ts';
import type { RestartPolicy } from './restart-policy.ts';

export interface SupervisorOptions {
  readonly topic: string;
  readonly connection: Connection;
  readonly group: GroupConfig;
  /** Most members expected at once: divides the group's memory budget. */
  readonly membersMax: number;
  /** Kafka's id of the topic that the offsets were read from. Without it the first that is seen. */
  readonly topicId?: string;
  /** One a partition: where counting starts. */
  readonly beginOffsets: readonly number[];
  /** End offset of each partition, exclusive. Without it, counting never ends. */
  readonly endOffsets?: readonly number[];
  readonly restart: RestartPolicy;
  /**
   * A member whose loop makes no progress for this long is considered stuck, fenced and terminated;
   * Infinity: never. Default 10 s.
   */
  readonly watchdogMs?: number;
  /** Size above which one partition's table refuses to grow. Default 2 GiB. */
  readonly tableLimitBytes?: number;
  /** Recorder of the group's history; without it, nothing is recorded. */
  readonly history?: GroupRecorder;
  /** Members record the timestamps of each record here. The first record of each partition is at its begin offset. */
  readonly latencyTimestamps?: LatencyTimestamps;
  /** When records were deleted before they were counted: `stop` with an error (the default), or `continue` behind them. */
  readonly onTruncation?: 'stop' | 'continue';
  readonly onEvent?: (event: ClusterEvent) => void;
}

export type ClusterEvent =
  | MemberMessage
  | { readonly type: 'started'; readonly memberId: MemberId }
  | {
      readonly type: 'exited';
      readonly memberId: MemberId;
      readonly code: number;
      readonly crashed: boolean;
      /** Another member will replace it. */
      readonly replaced: boolean;
    }
  | {
      readonly type: 'recovered';
      readonly memberId: MemberId;
      readonly partition: Partition;
      readonly replayed: boolean;
    }
  /** The member's loop makes no progress: its tables are revoked and its thread is terminated. */
  | { readonly type: 'stuck'; readonly memberId: MemberId }
  /**
   * The supervisor has revoked the lease of the table: the member is stuck, or has not released a
   * partition that the group assigns to another. The history records it as `fenced`.
   */
  | { readonly type: 'leaseRevoked'; readonly memberId: MemberId; readonly partition: Partition }
  /** Records were deleted before they were counted. */
  | ({ readonly type: 'recordsLost'; readonly memberId: MemberId } & LostRecords)
  /**
   * The topic check failed, or some partitions cannot be read at present. Each error is reported
   * once.
   */
  | { readonly type: 'topicTrouble'; readonly error: ErrorReport }
  /** The new number of partitions. */
  | { readonly type: 'partitionsAdded'; readonly partitions: number }
  /** Only of a durable group. */
  | { readonly type: 'changelog'; readonly event: ChangelogEvent }
  /** The supervisor has left the group on behalf of the member, whose thread has ended. */
  | { readonly type: 'leftFor'; readonly memberId: MemberId };

export type ChangelogEvent =
  /** A table is up to date, and its member continues from it. */
  | ({ readonly type: 'restored' } & Restored)
  /** Restores that take long, about twice a second; empty when there are none left. */
  | { readonly type: 'restoring'; readonly restores: readonly RestoreProgress[] }
  /** A commit of another process replaces what this process had counted and not committed. */
  | { readonly type: 'discarded'; readonly partition: Partition }
  /** Unfinished transactions of members that have left the group were ended. */
  | { readonly type: 'transactionsEnded'; readonly transactionalIds: readonly string[] }
  /** The changelog could not be read or asked for; each error is reported once. */
  | { readonly type: 'trouble'; readonly error: ErrorReport };
