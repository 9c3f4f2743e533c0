import { ClusterError } from '../../errors.ts';
import { AbortedTransactions } from '../wire/aborted-transactions.ts';
import type { FetchedPartition } from '../wire/fetch-response.ts';
import { notAuthorized } from './errors.ts';
import { recordBatches } from '../wire/record-batches.ts';

/** Offsets [begin, end) of a partition. */
export interface OffsetRange {
  readonly partition: number;
  readonly begin: number;
  readonly end: number;
}

/** Called for each committed record. `value` and `key` are views that must not be kept. */
export type OnRecord = (partition: number, offset: number, value: Uint8Array | null, key: Uint8Array | null) => void;

/** Kafka's error codes that end the reading; with others the leader has moved or moves. */
const offsetOutOfRange = 1;
const topicDenied = 29;

/** How far one partition has been read, by the independent reader. */
export class PartitionReading {
  readonly partition: number;
  readonly end: number;
  readonly #topic: string;
  #next: number;
  #holes = 0;
  #lastStableOffset = Infinity;
  #highWatermark = 0;

  constructor(topic: string, { partition, begin, end }: OffsetRange) {
    this.#topic = topic;
    this.partition = partition;
    this.end = end;
    this.#next = begin;
  }

  /** Offset to read next. */
  get next(): number {
    return this.#next;
  }

  get isDone(): boolean {
    return this.#next >= this.end;
  }

  /**
   * Offsets so far that hold neither a record nor a transaction marker: compaction removed them.
   */
  get holes(): number {
    return this.#holes;
  }

  /**
   * Whether an open transaction that began at or before `next` holds back the records that follow.
   */
  get isHeldBack(): boolean {
    return this.#lastStableOffset < Math.min(this.#highWatermark, this.end) && this.#next >= this.#lastStableOffset;
  }

  /** Whether the leader has said that everything up to the end can be read. */
  get isStable(): boolean {
    return this.#lastStableOffset >= this.end;
  }

  /**
   * @throws ClusterError input when records were deleted during the read or are damaged;
   * accessDenied
   */
  take(fetched: FetchedPartition, onRecord: OnRecord): 'taken' | 'leaderMoved' {
    this.#throwIfFinal(fetched.errorCode);
    if (fetched.errorCode !== 0) return 'leaderMoved';
    this.#lastStableOffset = fetched.lastStableOffset;
    this.#highWatermark = fetched.highWatermark;
    try {
      this.#takeBatches(fetched, onRecord);
    } catch (error) {
      if (!(error instanceof RangeError)) throw error;
      const message = `topic '${this.#topic}' partition ${this.partition}: ${error.message}`;
      throw new ClusterError('input', message, { cause: error });
    }
    return 'taken';
  }

  /** Nothing is left up to the end: compaction took the last records, too. */
  skipToEnd(): void {
    this.#moveTo(this.end);
  }

  #takeBatches(fetched: FetchedPartition, onRecord: OnRecord): void {
    const { partition, end } = this;
    const first = this.#next;
    const transactions = new AbortedTransactions(fetched.aborted);
    for (const batch of recordBatches(fetched.records)) {
      if (batch.baseOffset >= end) {
        this.#moveTo(end);
        return;
      }
      if (transactions.isCommitted(batch)) {
        batch.records((offset, value, key) => {
          if (offset >= first && offset < end) onRecord(partition, offset, value, key);
        });
      }
      // A batch that begins before the range or ends after it says nothing about compaction within
      // the range.
      const within = batch.baseOffset >= this.#next && batch.lastOffset < end;
      if (within) this.#moveTo(batch.baseOffset);
      if (within) this.#holes += batch.lastOffset + 1 - batch.baseOffset - batch.recordCount;
      this.#next = Math.max(this.#next, batch.lastOffset + 1);
    }
  }

  #moveTo(offset: number): void {
    this.#holes += Math.max(0, offset - this.#next);
    this.#next = Math.max(this.#next, offset);
  }

  #throwIfFinal(errorCode: number): void {
    if (errorCode === offsetOutOfRange) {
      const message = `topic '${this.#topic}' partition ${this.partition}: the records from offset ${this.#next} on were deleted`;
      throw new ClusterError('input', message, { hint: "check the topic's retention, and start the count again" });
    }
    if (errorCode === topicDenied) throw notAuthorized('Read', `topic '${this.#topic}'`);
  }
}
