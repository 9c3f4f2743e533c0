import type { BatchSums } from '../../src/count/batch-sums.ts';
import { WordcountError } from '../../src/errors.ts';
import { partitionEnd, row, rowFields, type CommitResult, type Position } from '../../src/kafka/native/consumer.ts';
import type { AssignedClient } from '../../src/member/assignment.ts';
import type { ReadClient } from '../../src/member/batch.ts';
import type { CommittingClient } from '../../src/member/commits.ts';
import type { Fiber } from './fiber.ts';
import type { TopicPartition } from './topic.ts';

/** From the offset that the group has committed, or the first one. */
const stored = -1_001;

/** What a client asks of the group. */
export interface GroupOffsets {
  committedOffset(partition: number): number | undefined;
  /** @returns false when the member may not commit it any more */
  commit(memberId: number, partition: number, offset: number): boolean;
}

interface BatchFill {
  count: number;
  start: number;
}

interface ClientOptions {
  readonly memberId: number;
  readonly fiber: Fiber;
  readonly topic: readonly TopicPartition[];
  readonly group: GroupOffsets;
  readonly protocol: 'EAGER' | 'COOPERATIVE';
  readonly sums: BatchSums;
  readonly onCommit: (result: CommitResult) => void;
}

/**
 * The client as far as a member sees it: positions, pauses, batches. As librdkafka does, it keeps the mark of a pause when the
 * partition is taken away, and gives no record of a partition that was.
 */
export class SimClient implements AssignedClient, ReadClient, CommittingClient {
  /** The next assignment comes too late: the group has moved on. */
  late = false;
  readonly #options: ClientOptions;
  readonly #positions = new Map<number, number>();
  readonly #paused = new Set<number>();
  /** The end that was last told, until the position changes. */
  readonly #told = new Map<number, number>();

  constructor(options: ClientOptions) {
    this.#options = options;
    options.sums.reserve({ valuesBytes: 4_096, rowNumbers: 64 * rowFields });
  }

  get rows(): Float64Array {
    return this.#options.sums.rows;
  }

  rebalanceProtocol(): 'EAGER' | 'COOPERATIVE' {
    return this.#options.protocol;
  }

  assign(positions: readonly Position[]): boolean {
    if (this.late) return false;
    this.#positions.clear();
    return this.incrementalAssign(positions);
  }

  incrementalAssign(positions: readonly Position[]): boolean {
    if (this.late) return false;
    for (const { partition, offset } of positions) this.#setPosition(partition, this.#firstOffset(partition, offset));
    return true;
  }

  unassign(): boolean {
    this.#positions.clear();
    return true;
  }

  incrementalUnassign(partitions: readonly number[]): boolean {
    for (const partition of partitions) this.#positions.delete(partition);
    return true;
  }

  pause(partitions: readonly number[]): void {
    for (const partition of partitions) this.#paused.add(partition);
  }

  resume(partitions: readonly number[]): void {
    for (const partition of partitions) this.#paused.delete(partition);
  }

  seek(partition: number, offset: number): boolean {
    if (!this.#positions.has(partition)) return false;
    this.#setPosition(partition, offset);
    return true;
  }

  commit(positions: readonly Position[]): void {
    const { fiber, group, memberId, onCommit } = this.#options;
    const taken = positions.map(({ partition, offset }) =>
      fiber.effect(() => group.commit(memberId, partition, offset), true),
    );
    const error = taken.includes(false) ? new WordcountError('memberFailed', 'not its partition any more') : undefined;
    onCommit({ error, positions });
  }

  /**
   * @param recordsMax - of each partition
   * @param redelivered - so many records before the position come once more
   * @returns rows filled
   */
  consumeBatch(recordsMax: number, redelivered: number): number {
    const batch: BatchFill = { count: 0, start: 0 };
    for (const [partition, position] of this.#positions) {
      const topic = this.#options.topic[partition];
      if (topic === undefined || this.#paused.has(partition)) continue;
      const { records, endOffset } = topic;
      const next = records.findIndex(({ offset }) => offset >= position);
      if (next !== -1) {
        const taken = records.slice(Math.max(0, next - redelivered), next + recordsMax);
        for (const { offset, value } of taken) this.#addRow(batch, partition, offset, value);
        this.#positions.set(partition, (taken.at(-1)?.offset ?? 0) + 1);
        if (next + recordsMax < records.length) continue;
      }
      if (this.#told.get(partition) === endOffset) continue;
      // The end is a row, too, once each time that it is reached.
      this.#told.set(partition, endOffset);
      this.#addRow(batch, partition, endOffset, undefined);
    }
    return batch.count;
  }

  /** @param value - undefined at the partition's end */
  #addRow(batch: BatchFill, partition: number, offset: number, value: Buffer | null | undefined): void {
    const { sums } = this.#options;
    if (value) sums.values.set(value, batch.start);
    const at = batch.count * rowFields;
    this.rows[at + row.partition] = partition;
    this.rows[at + row.offset] = offset;
    this.rows[at + row.start] = batch.start;
    this.rows[at + row.length] = value === undefined ? partitionEnd : (value?.length ?? -1);
    batch.count += 1;
    batch.start += value?.length ?? 0;
  }

  #setPosition(partition: number, offset: number): void {
    this.#positions.set(partition, offset);
    this.#told.delete(partition);
  }

  #firstOffset(partition: number, offset: number): number {
    if (offset !== stored) return offset;
    const { fiber, group, topic } = this.#options;
    return fiber.effect(() => group.committedOffset(partition), false) ?? topic[partition]?.beginOffset ?? 0;
  }
}
