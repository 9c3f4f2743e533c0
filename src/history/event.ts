/**
 * The recorded history of a run, one group's or several: everything that the checks of src/verify are made from. An
 * event is one batch or one change of state, never one record. Types only; docs/verification.md tells what each means.
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
   * Place in the one total order of all threads, from 1; a number that is missing belongs to a thread that died before
   * it could write. Taken while nobody else could change what the event tells of: order needs no clock.
   */
  readonly ticket: number;
  /** time/clock.ts; for durations only. */
  readonly atMs: number;
}

interface OfGroup extends Stamp {
  readonly group: string;
  /** A number is never used twice in a group: a replacement is another member. */
  readonly member: number;
}

interface OfPartition extends OfGroup {
  readonly partition: number;
}

export type OwnershipEvent =
  /** The coordinator gave the partition. `generation` is that of the group, or the member's epoch. */
  | (OfPartition & { readonly type: 'assigned'; readonly generation: number })
  /** Given back on request, or taken without having been asked. `generation` is -1 when the client knows none any more. */
  | (OfPartition & { readonly type: 'revoked' | 'lost'; readonly generation: number })
  /** The table's lease, in its critical section: `acquired` is its first event, `released` or `fenced` its last. */
  | (OfPartition & { readonly type: 'acquired'; readonly epoch: number; readonly nextOffset: number })
  | (OfPartition & { readonly type: 'released'; readonly epoch: number })
  /** By the supervisor: taken from `member`. */
  | (OfPartition & { readonly type: 'fenced'; readonly epoch: number })
  /** By the supervisor, after the thread of `member` was joined: its batch in hand was completed or dropped, the lease is free. */
  | (OfPartition & { readonly type: 'recovered'; readonly epoch: number; readonly replayed: boolean });

export type BatchEvent =
  /** Counts, totals and nextOffset changed together, within the lease's critical section. */
  | BatchAppliedEvent
  /** The table moved past offsets that hold no record for us (transaction markers, compacted away). */
  | (OfPartition & { readonly type: 'advanced'; readonly epoch: number; readonly nextOffset: number })
  /** The lease was gone: nothing was changed. */
  | (OfPartition & {
      readonly type: 'batchRefused';
      readonly firstOffset: number;
      readonly lastOffset: number;
      readonly records: number;
    });

export interface BatchAppliedEvent extends OfPartition {
  readonly type: 'batchApplied';
  readonly epoch: number;
  /** Of the first and the last record. */
  readonly firstOffset: number;
  readonly lastOffset: number;
  /** At least 1. */
  readonly records: number;
  readonly words: number;
  /** Sum over the records modulo 2^64 (src/count/batch-sums.ts). */
  readonly digest: bigint;
  /** `recovery` when the member died before it could tell: then the supervisor told it from the table, with the member's ticket. */
  readonly toldBy: 'member' | 'recovery';
}

/** `offset` is that of the next record to read. */
export type CommitEvent = OfPartition & {
  readonly type: 'commitSent' | 'commitOk' | 'commitFailed';
  readonly offset: number;
};

/** By the supervisor, but `left`. */
export type MemberEvent =
  | (OfGroup & { readonly type: 'started' | 'drainAsked' | 'terminated' | 'stuck' | 'left' })
  | (OfGroup & { readonly type: 'exited'; readonly code: number; readonly crashed: boolean })
  /** An error that the member, or its client, told of; `fatal` when the member ended by it. */
  | (OfGroup & {
      readonly type: 'errorSeen';
      readonly fatal: boolean;
      readonly code: string;
      readonly message: string;
    });

/** The producer's acknowledgements: all offsets below `endOffset` are in the topic. Of all groups. */
export interface ProducedEvent extends Stamp {
  readonly type: 'produced';
  readonly partition: number;
  readonly endOffset: number;
}

/** What a reader saw of a table while members wrote. Began after `fromTicket`, ended before its own ticket. */
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

/** A member's ring was full, so rows are missing: the checks cannot be trusted, and say so. */
export type RowsDroppedEvent = OfGroup & { readonly type: 'rowsDropped'; readonly rows: number };

/**
 * Which partitions a fault may hold up, and so what the checks excuse. A `member` fault concerns only
 * the members it is aimed at: takeovers from them have to keep their bounds (V7). A fault of any other
 * scope may hold up every partition: V7 judges no takeover from its beginning until 10 s after its end.
 * While a fault of any scope lasts, partitions may stop moving (V11) and overlapping assignments are
 * reported as caused by a fault (V1k). No fault excuses a lost, repeated or reordered record.
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
  /** What happens to those members; undefined when their threads continue. Missing in histories of 0.1. */
  readonly memberEffect?: MemberEffect;
  /** Nothing sends a LeaveGroup for those members: their sessions have to expire. */
  readonly silent?: true;
}
