import type { GroupConfig } from '../config/group.ts';
import { ClusterError } from '../errors.ts';
import { partitionEnd, row, rowFields, type BatchConsumer } from '../kafka/native/consumer.ts';
import type { MemberTask } from '../protocol/member-task.ts';
import type { Assignment } from './assignment.ts';
import type { OwnedPartition } from './owned-partition.ts';
import { endOffsetOf } from './end-offset.ts';
import type { LatencyRecorder } from './latency-recorder.ts';
import type { MemberMemory } from './member-memory.ts';
import { ServiceTime } from './service-time.ts';

/** The part of a member's task and client that counting needs. */
export type BatchTask = Pick<MemberTask, 'endOffsets'> & { readonly group: Pick<GroupConfig, 'workUs'> };
export type ReadClient = Pick<BatchConsumer, 'rows'>;
export interface BatchContext extends Pick<MemberMemory, 'meter' | 'sums'> {
  /** Monotonic, in milliseconds. */
  readonly clock: () => number;
  /** Only in a latency run: records the timestamps of each record. */
  readonly latency?: LatencyRecorder | undefined;
}

/** Records taken from one partition that are not in its table yet. */
interface Taken {
  readonly owned: OwnedPartition;
  readonly records: number;
  /** Offset of the first record; the table's next offset when there are no records. */
  readonly firstOffset: number;
  /** The table's next offset after this batch is applied. */
  readonly nextOffset: number;
}

/** Counts batches of the client into the tables: first private sums per partition, then one step per table. */
export class BatchApplier {
  readonly #task: BatchTask;
  readonly #consumer: ReadClient;
  readonly #assignment: Assignment;
  readonly #meter: MemberMemory['meter'];
  readonly #sums: MemberMemory['sums'];
  readonly #clock: () => number;
  readonly #serviceTime: ServiceTime;
  readonly #taken = new Map<number, Taken>();
  readonly #latency: LatencyRecorder | undefined;

  constructor(
    task: BatchTask,
    consumer: ReadClient,
    assignment: Assignment,
    { meter, sums, clock, latency }: BatchContext,
  ) {
    this.#task = task;
    this.#consumer = consumer;
    this.#assignment = assignment;
    this.#meter = meter;
    this.#sums = sums;
    this.#serviceTime = new ServiceTime(task.group.workUs);
    this.#clock = clock;
    this.#latency = latency;
  }

  /**
   * Adds a batch to the sums of its partitions. No rebalance may come between this and `apply`.
   * @param count - rows in the consumer's batch
   */
  take(count: number): void {
    const { rows } = this.#consumer;
    const startMs = this.#clock();
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
    this.#meter.add('busyMs', this.#clock() - startMs);
  }

  /**
   * Applies all taken records of a partition in one step: the cost of a step grows with its
   * distinct words, so a few large steps cost less than many small ones.
   * @returns partitions whose table refused the write, because its lease was revoked
   */
  apply(): readonly OwnedPartition[] {
    const startMs = this.#clock();
    const taken = [...this.#taken.values()];
    this.#taken.clear();
    const refused = taken.filter((some) => !this.#applyTaken(some)).map(({ owned }) => owned);
    this.#meter.add('busyMs', this.#clock() - startMs);
    return refused;
  }

  /** Moves a table past records that the brokers no longer have. @returns false when the table refused */
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
    this.#latency?.taken(this.#consumer.rows, start, end);
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
    // A record at or past the end offset also proves that no record below it will follow.
    return Math.min(endOffset, Math.max(lastOffset + 1, knownEnd));
  }

  /** @returns false when the table refused */
  #applyTaken({ owned, records, firstOffset, nextOffset }: Taken): boolean {
    this.#sums.select(owned.partition);
    const result = owned.writer.apply(this.#sums, { firstOffset, nextOffset });
    switch (result.type) {
      case 'applied':
        if (records > 0) {
          this.#latency?.applied(owned.partition, firstOffset, nextOffset);
          this.#meter.add('records', records);
          this.#meter.add('bytes', this.#sums.bytes);
          this.#meter.add('words', this.#sums.words);
          this.#meter.add('batches', 1);
          this.#meter.set('lastAppliedAtMs', this.#clock());
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

function tableFull({ partition, writer }: OwnedPartition, neededBytes: number): ClusterError {
  return new ClusterError(
    'limit',
    `the table of partition ${partition} is full at offset ${writer.nextOffset}: ${neededBytes} bytes needed`,
    {
      hint: 'spread the records over more partitions, since each has its own table; the counts so far are exact',
    },
  );
}
