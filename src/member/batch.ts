import type { GroupConfig } from '../config/group.ts';
import type { BatchSums } from '../count/batch-sums.ts';
import { WordcountError } from '../errors.ts';
import { partitionEnd, row, rowFields, type BatchConsumer } from '../kafka/consumer.ts';
import { nowMs } from '../metrics/clock.ts';
import type { MemberMeter } from '../metrics/member-meter.ts';
import type { MemberTask } from '../protocol/member-task.ts';
import type { Assignment, OwnedPartition } from './assignment.ts';
import { ServiceTime } from './service-time.ts';

/** What counting needs of the member's task, and of its client. */
export type BatchTask = Pick<MemberTask, 'endOffsets'> & { readonly group: Pick<GroupConfig, 'workUs'> };
export type ReadClient = Pick<BatchConsumer, 'rows'>;

/** Counts one batch of the client into the tables, a run of records of the same partition at a time. */
export class BatchApplier {
  readonly #task: BatchTask;
  readonly #consumer: ReadClient;
  readonly #assignment: Assignment;
  readonly #meter: MemberMeter;
  readonly #sums: BatchSums;
  readonly #serviceTime: ServiceTime;

  /** @param sums - in whose memory the consumer puts its batches */
  constructor(task: BatchTask, consumer: ReadClient, assignment: Assignment, meter: MemberMeter, sums: BatchSums) {
    this.#task = task;
    this.#consumer = consumer;
    this.#assignment = assignment;
    this.#meter = meter;
    this.#sums = sums;
    this.#serviceTime = new ServiceTime(task.group.workUs);
  }

  /**
   * @param count - rows in the consumer's batch
   * @returns partitions whose table refused the write, because it is somebody else's by now
   */
  apply(count: number): readonly OwnedPartition[] {
    const { rows } = this.#consumer;
    const fenced: OwnedPartition[] = [];
    const startMs = nowMs();
    for (let from = 0; from < count;) {
      const partition = rows[from * rowFields + row.partition] ?? -1;
      let to = from;
      while (to < count && rows[to * rowFields + row.partition] === partition && !this.#isEnd(to)) to += 1;
      const atEnd = to < count && rows[to * rowFields + row.partition] === partition;
      const knownEnd = atEnd ? (rows[to * rowFields + row.offset] ?? 0) : 0;
      const owned = this.#assignment.owned.get(partition);
      if (owned === undefined) this.#meter.add('recordsNotOwned', to - from);
      else if (!(this.#applyRun(owned, from, to) && this.#advance(owned, { from, to, knownEnd }))) fenced.push(owned);
      from = atEnd ? to + 1 : to;
    }
    this.#meter.add('busyMs', nowMs() - startMs);
    return fenced;
  }

  #isEnd(index: number): boolean {
    return this.#consumer.rows[index * rowFields + row.length] === partitionEnd;
  }

  /** @returns false when the table refused */
  #applyRun(owned: OwnedPartition, from: number, to: number): boolean {
    const { rows } = this.#consumer;
    const { start, end } = this.#window(owned, from, to);
    if (start === end) return true;
    this.#serviceTime.serve(end - start);
    this.#sums.reset();
    this.#sums.addRows(start, end);
    const firstOffset = rows[start * rowFields + row.offset] ?? 0;
    const lastOffset = rows[(end - 1) * rowFields + row.offset] ?? 0;
    const result = owned.writer.apply(this.#sums, { firstOffset, nextOffset: lastOffset + 1 });
    switch (result.type) {
      case 'applied':
        this.#meter.add('records', end - start);
        this.#meter.add('bytes', this.#sums.bytes);
        this.#meter.add('words', this.#sums.words);
        this.#meter.add('batches', 1);
        this.#meter.set('lastAppliedAtMs', nowMs());
        this.#assignment.pauseAtEnd(owned.partition);
        return true;
      case 'fenced':
        this.#meter.add('batchesFenced', 1);
        return false;
      case 'full':
        throw tableFull(owned, result.neededBytes);
    }
  }

  /**
   * Moves the table over offsets that will never be rows: transaction markers, aborted records, what compaction took. Between
   * two records the later one moves it; behind the last one this does, in a step of its own that counts nothing.
   * @param run.knownEnd - the partition's end as the client saw it behind the run, 0 when it did not
   * @returns false when the table refused
   */
  #advance(
    owned: OwnedPartition,
    { from, to, knownEnd }: { readonly from: number; readonly to: number; readonly knownEnd: number },
  ): boolean {
    const endOffset = this.#task.endOffsets?.[owned.partition] ?? Infinity;
    const lastOffset = to > from ? (this.#consumer.rows[(to - 1) * rowFields + row.offset] ?? 0) : -1;
    // A record at or past the end offset shows, too, that nothing more comes below it.
    const reached = Math.min(endOffset, Math.max(lastOffset + 1, knownEnd));
    return reached <= owned.writer.nextOffset || this.skipTo(owned, reached);
  }

  /** @returns false when the table refused */
  skipTo(owned: OwnedPartition, nextOffset: number): boolean {
    this.#sums.reset();
    const result = owned.writer.apply(this.#sums, { nextOffset });
    if (result.type === 'full') throw tableFull(owned, result.neededBytes);
    if (result.type === 'fenced') {
      this.#meter.add('batchesFenced', 1);
      return false;
    }
    this.#assignment.pauseAtEnd(owned.partition);
    return true;
  }

  /** Leaves out what the table already has, and what lies at or past the end offset. */
  #window(owned: OwnedPartition, from: number, to: number): { readonly start: number; readonly end: number } {
    const { rows } = this.#consumer;
    const { nextOffset } = owned.writer;
    const endOffset = this.#task.endOffsets?.[owned.partition] ?? Infinity;
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
    { hint: 'raise --table-limit-mib; what was counted so far is exact' },
  );
}
