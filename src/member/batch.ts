import type { GroupConfig } from '../config/group.ts';
import type { BatchSums } from '../count/batch-sums.ts';
import { WordcountError } from '../errors.ts';
import { row, rowFields, type BatchConsumer } from '../kafka/consumer.ts';
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
      let to = from + 1;
      while (to < count && rows[to * rowFields + row.partition] === partition) to += 1;
      const owned = this.#assignment.owned.get(partition);
      if (owned === undefined) this.#meter.add('recordsNotOwned', to - from);
      else if (!this.#applyRun(owned, from, to)) fenced.push(owned);
      from = to;
    }
    this.#meter.add('busyMs', nowMs() - startMs);
    return fenced;
  }

  /** @returns false when the table refused */
  #applyRun(owned: OwnedPartition, from: number, to: number): boolean {
    const { rows } = this.#consumer;
    const { start, end } = this.#window(owned, from, to);
    if (start === end) return true;
    this.#serviceTime.serve(end - start);
    this.#sums.reset();
    this.#sums.addRows(start, end);
    const lastOffset = rows[(end - 1) * rowFields + row.offset] ?? 0;
    const result = owned.writer.apply(this.#sums, { nextOffset: lastOffset + 1 });
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
        throw new WordcountError(
          'limit',
          `the table of partition ${owned.partition} is full at offset ${owned.writer.nextOffset}: ${result.neededBytes} bytes needed`,
          { hint: 'raise --table-limit-mib; what was counted so far is exact' },
        );
    }
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
