import type { BatchSums } from '../../src/count/batch-sums.ts';
import { row, rowFields, type Position } from '../../src/kafka/consumer.ts';
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

interface ClientOptions {
  readonly memberId: number;
  readonly fiber: Fiber;
  readonly topic: readonly TopicPartition[];
  readonly group: GroupOffsets;
  readonly protocol: 'EAGER' | 'COOPERATIVE';
  readonly sums: BatchSums;
  readonly onCommitFailed: () => void;
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
    for (const { partition, offset } of positions) this.#positions.set(partition, this.#firstOffset(partition, offset));
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
    this.#positions.set(partition, offset);
    return true;
  }

  commit(positions: readonly Position[]): void {
    const { fiber, group, memberId, onCommitFailed } = this.#options;
    for (const { partition, offset } of positions) {
      if (!fiber.effect(() => group.commit(memberId, partition, offset), true)) onCommitFailed();
    }
  }

  /**
   * @param recordsMax - of each partition
   * @param redelivered - so many records before the position come once more
   * @returns rows filled
   */
  consumeBatch(recordsMax: number, redelivered: number): number {
    let count = 0;
    let start = 0;
    for (const [partition, position] of this.#positions) {
      if (this.#paused.has(partition)) continue;
      const records = this.#options.topic[partition]?.records ?? [];
      const next = records.findIndex(({ offset }) => offset >= position);
      if (next === -1) continue;
      for (const { offset, value } of records.slice(Math.max(0, next - redelivered), next + recordsMax)) {
        if (value !== null) this.#options.sums.values.set(value, start);
        const at = count * rowFields;
        this.rows[at + row.partition] = partition;
        this.rows[at + row.offset] = offset;
        this.rows[at + row.start] = start;
        this.rows[at + row.length] = value === null ? -1 : value.length;
        start += value?.length ?? 0;
        count += 1;
        this.#positions.set(partition, offset + 1);
      }
    }
    return count;
  }

  #firstOffset(partition: number, offset: number): number {
    if (offset !== stored) return offset;
    const { fiber, group, topic } = this.#options;
    return fiber.effect(() => group.committedOffset(partition), false) ?? topic[partition]?.beginOffset ?? 0;
  }
}
