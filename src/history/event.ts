/**
 * The recorded history of a run, of one group or several: the input of all checks in src/verify. An
 * event is one batch or one change of state, never one record. docs/verification.md explains each
 * event.
 */
export type HistoryEvent =
  | OwnershipEvent
  | BatchEvent
  | CommitEvent
  | MemberEvent
  | ProducedEvent
  | SampledEvent
  | RowsDroppedEvent
  | FaultEvent;

interface Stamp {
  /**
   * Position in the total order of all threads, from 1. A missing number belongs to a thread that
   * died before it could write. A thread takes its ticket while no other thread can change what the
   * event describes, so the order needs no clock.
   */
  readonly ticket: number;
  /** Time of time/clock.ts, for durations only. */
  readonly atMs: number;
}

interface OfGroup extends Stamp {
  readonly group: string;
  /** Unique in the group: a replacement has another number. */
  readonly member: number;
}

interface OfPartition extends OfGroup {
  readonly partition: number;
}

export type OwnershipEvent =
  /** The coordinator assigned the partition. `generation` is the group's, or the member's epoch. */
  | (OfPartition & { readonly type: 'assigned'; readonly generation: number })
  /**
   * Revoked on request, or lost without one. `generation` is -1 when the client has none any more.
   */
  | (OfPartition & { readonly type: 'revoked' | 'lost'; readonly generation: number })
  /**
   * The table's lease, in its critical section: `acquired` is its first event, `released` or
   * `fenced` its last.
   */
  | (OfPartition & { readonly type: 'acquired'; readonly epoch: number; readonly nextOffset: number })
  | (OfPartition & { readonly type: 'released'; readonly epoch: number })
  /** The supervisor has taken the lease from `member`. */
  | (OfPartition & { readonly type: 'fenced'; readonly epoch: number })
  /**
   * The thread of `member` has ended, and the supervisor has completed or dropped its batch in
   * hand. The lease is free.
   */
  | (OfPartition & { readonly type: 'recovered'; readonly epoch: number; readonly replayed: boolean });

export type BatchEvent =
  /** Counts, totals and nextOffset changed together, within the lease's critical section. */
  | BatchAppliedEvent
  /** The table moved past offsets without a readable record (transaction markers, compaction). */
  | (OfPartition & { readonly type: 'advanced'; readonly epoch: number; readonly nextOffset: number })
  /** The member no longer had the lease, so nothing changed. */
  | (OfPartition & {
      readonly type: 'batchRefused';
      readonly firstOffset: number;
      readonly lastOffset: number;
      readonly records: number;
    });

export interface BatchAppliedEvent extends OfPartition {
  readonly type: 'batchApplied';
  readonly epoch: number;
  /** Offsets of the first and the last record. */
  readonly firstOffset: number;
  readonly lastOffset: number;
  /** At least 1. */
  readonly records: number;
  readonly words: number;
  /** Sum over the records modulo 2^64 (src/count/batch-sums.ts). */
  readonly digest: bigint;
  /**
   * `recovery` when the member died before it could record the batch. The supervisor then records
   * it from the table, with the member's ticket.
   */
  readonly toldBy: 'member' | 'recovery';
}

/** `offset` is the offset of the next record to read. */
export type CommitEvent = OfPartition & {
  readonly type: 'commitSent' | 'commitOk' | 'commitFailed';
  readonly offset: number;
};

/** Recorded by the supervisor, except for `left`. */
export type MemberEvent =
  | (OfGroup & { readonly type: 'started' | 'drainAsked' | 'terminated' | 'stuck' | 'left' })
  | (OfGroup & { readonly type: 'exited'; readonly code: number; readonly crashed: boolean })
  /** An error that the member or its client reported; `fatal` when it ended the member. */
  | (OfGroup & {
      readonly type: 'errorSeen';
      readonly fatal: boolean;
      readonly code: string;
      readonly message: string;
    });

/** The brokers have acknowledged all offsets below `endOffset`. Belongs to all groups. */
export interface ProducedEvent extends Stamp {
  readonly type: 'produced';
  readonly partition: number;
  readonly endOffset: number;
}

/**
 * A table as a reader saw it while members wrote. The read began after `fromTicket` and ended
 * before its own ticket.
 */
export interface SampledEvent extends Stamp {
  readonly type: 'sampled';
  readonly group: string;
  readonly partition: number;
  readonly fromTicket: number;
  readonly nextOffset: number;
  readonly records: number;
  readonly words: number;
  readonly digest: bigint;
}

/** A member's ring was full, so rows are missing and the checks report that they are incomplete. */
export type RowsDroppedEvent = OfGroup & { readonly type: 'rowsDropped'; readonly rows: number };

/**
 * Which partitions a fault may hold up, and therefore what the checks excuse. A `member` fault
 * concerns only the members that it is aimed at: takeovers from them must keep their bounds. A fault
 * of any other scope may hold up every partition: the check `takeover` judges no takeover from its
 * beginning until 10 s after its end. While a fault of any scope lasts, partitions may stop moving
 * (`no-silent-stop`), and overlapping assignments are reported as caused by a fault (`group-view`).
 * No fault excuses a lost, repeated or reordered record.
 */
export type FaultScope = 'member' | 'network' | 'broker' | 'topic' | 'process';

/**
 * What a fault does to the members it is aimed at: `ends` ends the thread, `stalls` blocks it for a
 * while, `sticks` blocks it until another thread ends the member.
 */
export type MemberEffect = 'ends' | 'stalls' | 'sticks';

/** `index` is the fault's place in the schedule, the same at its end. */
export interface FaultEvent extends Stamp {
  readonly type: 'faultBegun' | 'faultEnded';
  readonly index: number;
  readonly kind: string;
  readonly scope: FaultScope;
  /** For people: `member 3 of A`, `broker 1`. */
  readonly target: string;
  /** The group and members it is aimed at; undefined when at none, or at all of them. */
  readonly group?: string;
  readonly members?: readonly number[];
  /**
   * What happens to those members; undefined when their threads continue. Missing in histories of
   * 0.1.
   */
  readonly memberEffect?: MemberEffect;
  /** Nothing sends a LeaveGroup for those members: their sessions have to expire. */
  readonly silent?: true;
}
