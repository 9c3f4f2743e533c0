import type { HistoryEvent } from '../history/event.ts';

/** The names of the checks; docs/verification.md states the condition of each. */
export type CheckName =
  | 'history-complete'
  | 'exclusive-ownership'
  | 'group-view'
  | 'order-across-owners'
  | 'gap-free'
  | 'exactly-once'
  | 'commit-safety'
  | 'commit-order'
  | 'hand-over'
  | 'takeover'
  | 'liveness'
  | 'readers'
  | 'hygiene'
  | 'no-silent-stop'
  | 'standby-idle'
  | 'balance';

/** The names of the checks of runs across processes, see stress/processes/process-checks.ts. */
export type ProcessCheckName = 'durable-state' | 'commit-safety' | 'liveness' | 'process-end' | 'hygiene';

/** What is known about a group before its first event. */
export interface CheckContext {
  readonly group: string;
  /** First counted offsets, indexed by partition. Partitions added later start at 0. */
  readonly beginOffsets: readonly number[];
  readonly bounds: TakeoverBounds;
  /** Check `no-silent-stop`: longest time that a partition with lag may go without progress. */
  readonly silenceMs: number;
  /** How long a member waits for a response to a commit before it sends its last one. */
  readonly commitAnswerMs: number;
}

/**
 * Check `takeover`: longest time, by what happened to the owner, until another member applies a
 * batch of a partition with lag.
 */
export interface TakeoverBounds {
  /** The owner was asked to leave. */
  readonly leaveMs: number;
  /** The owner's thread died. */
  readonly deathMs: number;
  /**
   * The process or a member was blocked. The time starts with the stall when a fault event records
   * it, otherwise when the stall is found.
   */
  readonly stuckMs: number;
}

/**
 * A check is a fold over the events of one group, so hours of history need bounded memory. Events
 * arrive in the order of their tickets. Faults and `produced` events are those of all groups.
 */
export interface Check {
  readonly name: CheckName;
  /** A short code, `id` in reports since 0.1: `V1`. */
  readonly code: string;
  /** The precise condition in one sentence. */
  readonly definition: string;
  /** @param report - called for every violation, as soon as it is found */
  readonly start: (context: CheckContext, report: (violation: Violation) => void) => CheckFold;
}

export interface CheckFold {
  readonly add: (event: HistoryEvent) => void;
  /** Called once, after the last event. */
  readonly finish: (evidence: Evidence) => Judged;
}

export interface Judged {
  /** Why the check judged nothing, or not everything: the evidence that it lacks. */
  readonly skipped?: string;
  /** Informative figures that are not violations. */
  readonly reported?: Readonly<Record<string, number>>;
}

export interface Violation {
  readonly message: string;
  readonly partition?: number;
  /** Tickets of the events that show the violation, if any. */
  readonly tickets: readonly number[];
}

export interface CheckResult extends Judged {
  readonly name: CheckName | ProcessCheckName;
  readonly code: string;
  readonly definition: string;
  /** The first violations, at most 20. */
  readonly violations: readonly Violation[];
  /** Number of all violations, listed or not. */
  readonly violationsTotal: number;
  /** Events around the first violation, in order. */
  readonly around: readonly HistoryEvent[];
}

/** Offsets [begin, end) without gaps. */
export interface DataRange {
  readonly begin: number;
  readonly end: number;
}

/** Records that were deleted before they were counted; both ends inclusive. */
export interface LostRange {
  readonly partition: number;
  readonly firstOffset: number;
  readonly lastOffset: number;
}

/** Totals over the records of a partition. */
export interface Totals {
  /** Includes null records. */
  readonly records: number;
  readonly nullRecords: number;
  readonly words: number;
  readonly distinctWords: number;
  /** Total size of the record values. */
  readonly bytes: number;
  readonly digest: bigint;
}

/** One partition at the end of a run. */
export interface PartitionEvidence {
  readonly partition: number;
  /** Totals of the table under test. */
  readonly table: Totals & { readonly nextOffset: number };
  /**
   * Records that an independent client in a separate process read (committed records only) from the
   * partition's begin offset up to the table's nextOffset: ascending offsets that hold records.
   */
  readonly read: Totals & { readonly ranges: readonly DataRange[] };
  /** The log's end offset when the group was at rest, exclusive; transaction markers count. */
  readonly endOffset?: number;
  /** The group's committed offset in Kafka at the end, after a graceful stop. */
  readonly committedOffset?: number;
  /** Number of acknowledged records in the partition. */
  readonly acknowledged?: number;
}

/**
 * The product's words compared with those of the reread, and with the generator's if they are
 * known.
 */
export interface WordsEvidence {
  readonly differing: number;
  /** The first few differences, one line each. */
  readonly differences: readonly string[];
}

/** State of the stable group after the last fault and a quiet period, before it was stopped. */
export interface RestEvidence {
  /**
   * The error with which the supervisor has failed the group, if any. A failed group replaces no
   * members.
   */
  readonly gaveUp?: string;
  readonly partitions: readonly {
    readonly partition: number;
    readonly owner: number | undefined;
    readonly nextOffset: number;
    readonly endOffset: number;
  }[];
  /** Live members. */
  readonly members: readonly {
    readonly member: number;
    readonly phase: string;
    readonly partitions: readonly number[];
  }[];
}

/**
 * Resources of this process, read by stress/process-figures.ts. Every count is exact; only `anonymousMib`
 * depends on what allocators keep.
 */
export interface HygieneFigures {
  readonly threads: number;
  /** Number of librdkafka's threads, recognized by their names. */
  readonly rdkThreads: number;
  /** Number of Kafka clients; each has one thread named rdk:main. */
  readonly clients: number;
  /** Number of event loops, one per isolate. */
  readonly eventLoops: number;
  readonly fileDescriptors: number;
  /**
   * Number of reserved address ranges of 1 GiB or more: tables and shared WebAssembly memories. After
   * a run, those of its group are not included.
   */
  readonly reservations: number;
  /** Memory of this thread's objects, including their buffers, except growable ones. */
  readonly liveMib: number;
  /** Memory other than pages of files. V8 and malloc keep a part of what was freed. */
  readonly anonymousMib: number;
}

/**
 * Evidence about a group besides its events. A check without its evidence reports that it was not
 * judged.
 */
export interface Evidence {
  readonly partitions?: readonly PartitionEvidence[];
  readonly words?: WordsEvidence;
  /** Records deleted before they were counted, and the losses that the group reported. */
  readonly lost?: {
    readonly deleted: readonly LostRange[];
    /**
     * Ranges deleted while a member may have been counting them: a reported loss may start anywhere
     * within such a range, and ends at its end.
     */
    readonly perhaps?: readonly LostRange[];
    readonly reported: readonly LostRange[];
  };
  /** Present when the topic was recreated at the end: whether the group stopped with an error. */
  readonly stoppedAtNewTopic?: boolean;
  readonly rest?: RestEvidence;
  /** Found by the sampling reader itself: counts that fell, words torn. */
  readonly sampler?: { readonly samples: number; readonly faults: readonly string[] };
  readonly hygiene?: {
    /** Before the first run of this process. */
    readonly before: HygieneFigures;
    /** Figures after each earlier run of this process, oldest first. */
    readonly earlier: readonly HygieneFigures[];
    readonly after: HygieneFigures;
    /** Members started and ended in this run. */
    readonly cycles: number;
    /** Tables still held, journals still sealed: a line each. */
    readonly leftovers: readonly string[];
  };
}
