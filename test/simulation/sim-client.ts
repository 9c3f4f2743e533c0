import type { BatchSums } from '../../src/count/batch-sums.ts';
import { ClusterError } from '../../src/errors.ts';
import { partitionEnd, row, rowFields, type CommitResult, type Position } from '../../src/kafka/native/consumer.ts';
import type { TurnClient } from '../../src/member/turn-options.ts';
import type { Fiber } from './fiber.ts';
import type { TopicPartition } from './topic.ts';

/** Offset of a position that starts at the committed offset, or at the first one if none is committed. */
const stored = -1_001;

/** The part of the group that a client needs. */
export interface GroupOffsets {
  committedOffset(partition: number): number | undefined;
  /** @returns false when the group no longer assigns the partition to the member */
  commit(memberId: number, partition: number, offset: number): boolean;
}

/** What a client delivers in one turn. */
export interface Delivery {
  readonly batches: number;
  /** Largest number of records of each partition in a batch. */
  readonly recordsMax: number;
  /** Records before the position that the first batch contains once more. */
  readonly redelivered: number;
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
 * The client as a member sees it: positions, pauses, batches. Like librdkafka, it keeps a pause over
 * the revocation of a partition, and delivers no record of a revoked partition.
 */
export class SimClient implements TurnClient {
  /** The next assignment comes too late, because the group has changed since. */
  late = false;
  readonly #options: ClientOptions;
  readonly #positions = new Map<number, number>();
  readonly #paused = new Set<number>();
  #delivery: Delivery = { batches: 0, recordsMax: 0, redelivered: 0 };
  /** The end that was last reported, until the position changes. */
  readonly #reportedEnds = new Map<number, number>();

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
    const accepted = positions.map(({ partition, offset }) =>
      fiber.effect(() => group.commit(memberId, partition, offset), true),
    );
    const error = accepted.includes(false)
      ? new ClusterError('memberFailed', 'the partition has another owner')
      : undefined;
    onCommit({ error, positions });
  }

  /** Sets what the batches of the next turn contain. */
  deliver(delivery: Delivery): void {
    this.#delivery = delivery;
  }

  consumeBatch(): number {
    const { batches, recordsMax, redelivered } = this.#delivery;
    if (batches === 0) return 0;
    this.#delivery = { batches: batches - 1, recordsMax, redelivered: 0 };
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
      if (this.#reportedEnds.get(partition) === endOffset) continue;
      // The end of a partition is a row, too, once each time that it is reached.
      this.#reportedEnds.set(partition, endOffset);
      this.#addRow(batch, partition, endOffset, undefined);
    }
    return batch.count;
  }

  /** The group's protocol is classic, so a turn does not ask for the epoch. */
  generation(): number {
    return -1;
  }

  /** The simulated supervisor leaves the group without a member's id. */
  memberId(): string {
    return '';
  }

  /** The simulated brokers report no ids of topics. */
  topicId(): string {
    return '';
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
    this.#reportedEnds.delete(partition);
  }

  #firstOffset(partition: number, offset: number): number {
    if (offset !== stored) return offset;
    const { fiber, group, topic } = this.#options;
    return fiber.effect(() => group.committedOffset(partition), false) ?? topic[partition]?.beginOffset ?? 0;
  }
}
