import type { GroupConfig } from '../config/group.ts';
import type { BatchSums } from '../count/batch-sums.ts';
import { WordcountError } from '../errors.ts';
import { partitionEnd, row, rowFields, type BatchConsumer } from '../kafka/native/consumer.ts';
import { nowMs } from '../time/clock.ts';
import type { MemberMeter } from '../protocol/cells/meter.ts';
import type { MemberTask } from '../protocol/member-task.ts';
import type { Assignment, OwnedPartition } from './assignment.ts';
import type { RecordMoments } from './record-moments.ts';
import { endOffsetOf } from './end-offset.ts';
import { ServiceTime } from './service-time.ts';

/** The part of a member's task and client that counting needs. */
export type BatchTask = Pick<MemberTask, 'endOffsets'> & { readonly group: Pick<GroupConfig, 'workUs'> };
export type ReadClient = Pick<BatchConsumer, 'rows'>;

/** Records taken from one partition that are not in its table yet. */
interface Taken {
  readonly owned: OwnedPartition;
  readonly records: number;
  /** Offset of the first record; the table's next offset when there are no records. */
  readonly firstOffset: number;
  /** The table's next offset after this batch is applied. */
  readonly nextOffset: number;
}

/** Counts batches of the client into the tables: private sums first, one a partition, then one step a table. */
export class BatchApplier {
  readonly #task: BatchTask;
  readonly #consumer: ReadClient;
  readonly #assignment: Assignment;
  readonly #meter: MemberMeter;
  readonly #sums: BatchSums;
  readonly #serviceTime: ServiceTime;
  readonly #taken = new Map<number, Taken>();
  readonly #moments: RecordMoments | undefined;

  /**
   * @param sums - its memory receives the consumer's batches
   * @param moments - only in a latency run: recorder of each record's timestamps
   */
  constructor(
    task: BatchTask,
    consumer: ReadClient,
    assignment: Assignment,
    meter: MemberMeter,
    sums: BatchSums,
    moments?: RecordMoments,
  ) {
    this.#task = task;
    this.#consumer = consumer;
    this.#assignment = assignment;
    this.#meter = meter;
    this.#sums = sums;
    this.#serviceTime = new ServiceTime(task.group.workUs);
    this.#moments = moments;
  }

  /**
   * Adds a batch to the sums of its partitions. No rebalance may come between this and `apply`.
   * @param count - rows in the consumer's batch
   */
  take(count: number): void {
    const { rows } = this.#consumer;
    const startMs = nowMs();
    for (let from = 0; from < count;) {
      const partition = rows[from * rowFields + row.partition] ?? -1;
      let to = from;
      while (to < count && rows[to * rowFields + row.partition] === partition && !this.#isEnd(to)) to += 1;
      const atEnd = to < count && rows[to * rowFields + row.partition] === partition;
      const knownEnd = atEnd ? (rows[to * rowFields + row.offset] ?? 0) : 0;
      const owned = this.#assignment.owned.get(partition);
      if (owned === undefined) this.#meter.add('recordsNotOwned', to - from);
      else this.#takeRun(owned, { from, to, knownEnd });
      from = atEnd ? to + 1 : to;
    }
    this.#meter.add('busyMs', nowMs() - startMs);
  }

  /**
   * Applies all taken records of a partition in one step: the cost of a step grows with its
   * distinct words, so a few large steps cost less than many small ones.
   * @returns partitions whose table refused the write, because its lease was revoked
   */
  apply(): readonly OwnedPartition[] {
    const startMs = nowMs();
    const taken = [...this.#taken.values()];
    this.#taken.clear();
    const fenced = taken.filter((some) => !this.#applyTaken(some)).map(({ owned }) => owned);
    this.#meter.add('busyMs', nowMs() - startMs);
    return fenced;
  }

  /** Moves a table over records that are not there any more. @returns false when the table refused */
  skipTo(owned: OwnedPartition, nextOffset: number): boolean {
    this.#sums.select(owned.partition);
    this.#sums.reset();
    return this.#applyTaken({ owned, records: 0, firstOffset: owned.writer.nextOffset, nextOffset });
  }

  #offset(index: number): number {
    return this.#consumer.rows[index * rowFields + row.offset] ?? 0;
  }

  #isEnd(index: number): boolean {
    return this.#consumer.rows[index * rowFields + row.length] === partitionEnd;
  }

  /** @param run.knownEnd - the partition's end as the client saw it behind the run, 0 when it did not */
  #takeRun(
    owned: OwnedPartition,
    run: { readonly from: number; readonly to: number; readonly knownEnd: number },
  ): void {
    const before = this.#taken.get(owned.partition);
    const tableNext = before?.nextOffset ?? owned.writer.nextOffset;
    const { start, end } = this.#window(owned, tableNext, run.from, run.to);
    const nextOffset = this.#nextOffset(owned, run);
    // Records that the table already has: redelivered, or counted by the next owner while this
    // thread was paused. The latter is a late write, which the table refuses.
    const isLate = run.to > run.from && !owned.writer.holds;
    if (nextOffset <= tableNext && !isLate) return;
    if (end > start) this.#serviceTime.serve(end - start);
    this.#sums.select(owned.partition);
    if (before === undefined) this.#sums.reset();
    this.#sums.addRows(start, end);
    this.#moments?.taken(this.#consumer.rows, start, end);
    this.#taken.set(owned.partition, {
      owned,
      records: (before?.records ?? 0) + end - start,
      firstOffset: before?.firstOffset ?? (end > start ? this.#offset(start) : tableNext),
      nextOffset,
    });
  }

  /**
   * Moves past the last record. When the client has reached the end of the partition, this includes
   * offsets that are never delivered: transaction markers, aborted records, compacted records. A
   * step of only such offsets counts nothing.
   */
  #nextOffset(
    { partition }: OwnedPartition,
    { from, to, knownEnd }: { readonly from: number; readonly to: number; readonly knownEnd: number },
  ): number {
    const endOffset = endOffsetOf(this.#task, partition);
    const lastOffset = to > from ? this.#offset(to - 1) : -1;
    // A record at or past the end offset shows, too, that nothing more comes below it.
    return Math.min(endOffset, Math.max(lastOffset + 1, knownEnd));
  }

  /** @returns false when the table refused */
  #applyTaken({ owned, records, firstOffset, nextOffset }: Taken): boolean {
    this.#sums.select(owned.partition);
    const result = owned.writer.apply(this.#sums, { firstOffset, nextOffset });
    switch (result.type) {
      case 'applied':
        if (records > 0) {
          this.#moments?.applied(owned.partition, firstOffset, nextOffset);
          this.#meter.add('records', records);
          this.#meter.add('bytes', this.#sums.bytes);
          this.#meter.add('words', this.#sums.words);
          this.#meter.add('batches', 1);
          this.#meter.set('lastAppliedAtMs', nowMs());
        }
        this.#assignment.pauseAtEnd(owned.partition);
        return true;
      case 'fenced':
        this.#meter.add('batchesFenced', 1);
        return false;
      case 'full':
        throw tableFull(owned, result.neededBytes);
    }
  }

  /** Skips records that are already counted, and those at or beyond the end offset. */
  #window(
    { partition }: OwnedPartition,
    nextOffset: number,
    from: number,
    to: number,
  ): { readonly start: number; readonly end: number } {
    const { rows } = this.#consumer;
    const endOffset = endOffsetOf(this.#task, partition);
    let start = from;
    while (start < to && (rows[start * rowFields + row.offset] ?? 0) < nextOffset) start += 1;
    if (start > from) this.#meter.add('recordsBelowNext', start - from);
    let end = to;
    while (end > start && (rows[(end - 1) * rowFields + row.offset] ?? 0) >= endOffset) end -= 1;
    return { start, end };
  }
}

function tableFull({ partition, writer }: OwnedPartition, neededBytes: number): WordcountError {
  return new WordcountError(
    'limit',
    `the table of partition ${partition} is full at offset ${writer.nextOffset}: ${neededBytes} bytes needed`,
    {
      hint: 'spread the records over more partitions, since each has its own table; the counts so far are exact',
    },
  );
}
