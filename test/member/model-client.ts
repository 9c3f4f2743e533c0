import type { BatchSums } from '../../src/count/batch-sums.ts';
import { partitionEnd, row, rowFields, type Position } from '../../src/kafka/native/consumer.ts';
import type { TurnClient } from '../../src/member/turn-options.ts';

/** A record, a record without a value (null), or the end of the partition (undefined). */
export interface Row {
  readonly partition: number;
  readonly offset: number;
  readonly value: string | null | undefined;
}

/**
 * A client in this thread that delivers the batches that a test gives it, and logs the calls in their
 * order. Like librdkafka, it keeps a pause over the revocation of a partition.
 */
export class ModelClient implements TurnClient {
  readonly log: string[] = [];
  /** Positions of the assigned partitions. */
  readonly positions = new Map<number, number>();
  readonly paused = new Set<number>();
  readonly batches: (readonly Row[])[] = [];
  /** The next assignment comes too late, because the group has changed since. */
  late = false;
  epoch = -1;
  groupMemberId = '';
  /** Called before each call that is logged. */
  onCall: ((call: string) => void) | undefined;
  readonly #sums: BatchSums;
  readonly #protocol: 'EAGER' | 'COOPERATIVE';

  constructor(sums: BatchSums, protocol: 'EAGER' | 'COOPERATIVE') {
    this.#sums = sums;
    this.#protocol = protocol;
    sums.reserve({ valuesBytes: 65_536, rowNumbers: 1_024 * rowFields });
  }

  get rows(): Float64Array {
    return this.#sums.rows;
  }

  /** Partitions that the client would fetch, each from its position. */
  get fetched(): Map<number, number> {
    return new Map([...this.positions].filter(([partition]) => !this.paused.has(partition)));
  }

  consumeBatch(): number {
    this.#note('consume');
    const batch = this.batches.shift() ?? [];
    let start = 0;
    for (const [index, { partition, offset, value }] of batch.entries()) {
      const bytes = Buffer.from(value ?? '');
      this.#sums.values.set(bytes, start);
      const at = index * rowFields;
      this.rows[at + row.partition] = partition;
      this.rows[at + row.offset] = offset;
      this.rows[at + row.start] = start;
      this.rows[at + row.length] = value === undefined ? partitionEnd : value === null ? -1 : bytes.length;
      start += bytes.length;
    }
    return batch.length;
  }

  commit(positions: readonly Position[]): void {
    this.#note(`commit ${positions.map(({ partition, offset }) => `${partition}:${offset}`).join()}`);
  }

  assign(positions: readonly Position[]): boolean {
    if (this.late) return false;
    this.positions.clear();
    return this.incrementalAssign(positions);
  }

  incrementalAssign(positions: readonly Position[]): boolean {
    if (this.late) return false;
    this.#note(`assign ${positions.map(({ partition, offset }) => `${partition}:${offset}`).join()}`);
    for (const { partition, offset } of positions) this.positions.set(partition, offset);
    return true;
  }

  unassign(): boolean {
    return this.incrementalUnassign([...this.positions.keys()]);
  }

  incrementalUnassign(partitions: readonly number[]): boolean {
    this.#note(`unassign ${partitions.join()}`);
    for (const partition of partitions) this.positions.delete(partition);
    return true;
  }

  pause(partitions: readonly number[]): void {
    this.#note(`pause ${partitions.join()}`);
    for (const partition of partitions) this.paused.add(partition);
  }

  resume(partitions: readonly number[]): void {
    this.#note(`resume ${partitions.join()}`);
    for (const partition of partitions) this.paused.delete(partition);
  }

  seek(partition: number, offset: number): boolean {
    this.#note(`seek ${partition}:${offset}`);
    if (this.positions.has(partition)) this.positions.set(partition, offset);
    return this.positions.has(partition);
  }

  rebalanceProtocol(): 'EAGER' | 'COOPERATIVE' {
    return this.#protocol;
  }

  generation(): number {
    return this.epoch;
  }

  memberId(): string {
    return this.groupMemberId;
  }

  topicId(): string {
    return '';
  }

  #note(call: string): void {
    this.onCall?.(call);
    this.log.push(call);
  }
}
