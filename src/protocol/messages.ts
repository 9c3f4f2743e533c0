import type { ErrorReport } from '../errors.ts';
import type { MemberId, Partition } from './ids.ts';
import type { SharedTables } from './member-task.ts';

/** From the supervisor to a member. Control only: records, counts and meters go through shared memory. */
export type SupervisorMessage =
  /**
   * Finish the batch in hand, commit, hand the partitions over and leave the group: within the
   * timeout, or for as long as the commit makes progress.
   */
  | { readonly type: 'drain'; readonly timeoutMs: number }
  /** Tables of partitions that were added to the topic. */
  | ({ readonly type: 'tablesAdded'; readonly firstPartition: Partition } & SharedTables)
  /** Answers `outOfRange`: the brokers no longer have records below the offset. */
  | { readonly type: 'resumeAt'; readonly partition: Partition; readonly nextOffset: number }
  /** Only `stress` sends it: fail in the given way, while holding a batch that is not applied yet if there is one. */
  | { readonly type: 'injectFailure'; readonly failure: InjectedFailure };

/** Ways to make a member fail from inside. */
export type InjectedFailure =
  | { readonly type: 'throw' }
  /** Blocks the thread. */
  | { readonly type: 'stall'; readonly stallMs: number }
  /** Fills the thread's heap up to its limit. */
  | { readonly type: 'exhaustMemory' }
  /** The client delivers the last records of each partition again. */
  | { readonly type: 'redeliver'; readonly records: number };

/** From a member to the supervisor. */
export type MemberMessage =
  /** The client exists and has asked to join. */
  | { readonly type: 'joining'; readonly memberId: MemberId }
  /** The member's id in the group; a member that was out of the group gets another. */
  | { readonly type: 'groupMemberId'; readonly memberId: MemberId; readonly groupMemberId: string }
  /** The member's current assignment: all its partitions, none for a standby. */
  | {
      readonly type: 'assigned';
      readonly memberId: MemberId;
      readonly partitions: readonly Partition[];
      /** Partitions whose table another member still holds; they are claimed as soon as it is released. */
      readonly waiting: readonly Partition[];
    }
  /** Partitions released at the group's request, or lost without a request. */
  | {
      readonly type: 'revoked';
      readonly memberId: MemberId;
      readonly partitions: readonly Partition[];
      readonly lost: boolean;
    }
  /** A write came too late: the lease of the table was revoked, and nothing was changed. */
  | { readonly type: 'writeRefused'; readonly memberId: MemberId; readonly partition: Partition }
  /** The brokers do not have the next offset: the partition waits until the supervisor answers with `resumeAt`. */
  | {
      readonly type: 'outOfRange';
      readonly memberId: MemberId;
      readonly partition: Partition;
      readonly nextOffset: number;
    }
  /** Only in a durable group: the table is to be restored, and claimed once this request is granted. */
  | {
      readonly type: 'restoreWanted';
      readonly memberId: MemberId;
      readonly partition: Partition;
      /** See src/count/durable-cells.ts. */
      readonly request: number;
    }
  /** The client reported an error from which it recovers automatically. */
  | { readonly type: 'notice'; readonly memberId: MemberId; readonly error: ErrorReport }
  /** Has left the group gracefully; the thread ends now. */
  | { readonly type: 'left'; readonly memberId: MemberId }
  /** Cannot continue; the thread ends now without leaving the group. */
  | { readonly type: 'failed'; readonly memberId: MemberId; readonly error: ErrorReport };
