import { partitionEnd, row, rowFields, type Position } from '../../../src/kafka/native/consumer.ts';
import type { BatchSums } from '../../../src/count/batch-sums.ts';
import type { TurnClient } from '../../../src/member/turn-options.ts';
import type { GroupMember } from './durable-group.ts';
import { chance, type CrashPoint, type Surroundings } from './surroundings.ts';

/** A member of the group in a generation that its client knows: goes with the offsets it sends. */
export interface Metadata {
  readonly member: GroupMember;
  readonly generation: number;
}

/** The consumer as a member sees it: positions, pauses, batches, and what the group has said to it. */
export class DurableConsumer implements TurnClient {
  member: GroupMember;
  readonly #world: Surroundings;
  readonly #protocol: 'EAGER' | 'COOPERATIVE';
  readonly #sums: BatchSums;
  readonly #point: CrashPoint;
  readonly #positions = new Map<number, number>();
  readonly #paused = new Set<number>();
  readonly #reportedEnds = new Map<number, number>();

  constructor(
    world: Surroundings,
    options: {
      readonly clientId: string;
      readonly protocol: 'EAGER' | 'COOPERATIVE';
      readonly sums: BatchSums;
      readonly point: CrashPoint;
    },
  ) {
    this.#world = world;
    this.#protocol = options.protocol;
    this.#sums = options.sums;
    this.#point = options.point;
    this.member = world.group.join(options.clientId);
    options.sums.reserve({ valuesBytes: 4_096, rowNumbers: 64 * rowFields });
  }

  get metadata(): Metadata {
    return { member: this.member, generation: this.member.generation };
  }

  get rows(): Float64Array {
    return this.#sums.rows;
  }

  get assigned(): number[] {
    return [...this.#positions.keys()];
  }

  rebalanceProtocol(): 'EAGER' | 'COOPERATIVE' {
    return this.#protocol;
  }

  assign(positions: readonly Position[]): boolean {
    this.#positions.clear();
    return this.incrementalAssign(positions);
  }

  incrementalAssign(positions: readonly Position[]): boolean {
    this.#point('assign');
    for (const { partition, offset } of positions) this.#setPosition(partition, offset);
    this.#point('assigned');
    return true;
  }

  unassign(): boolean {
    return this.incrementalUnassign([...this.#positions.keys()]);
  }

  incrementalUnassign(partitions: readonly number[]): boolean {
    this.#point('unassign');
    for (const partition of partitions) this.#positions.delete(partition);
    this.#world.group.unassigned(this.member, partitions);
    this.#point('unassigned');
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

  commit(): void {
    throw new Error('a durable group commits in transactions');
  }

  consumeBatch(timeoutMs: number): number {
    this.#point('consume');
    // Later batches of a turn come only while the time is the same.
    if (timeoutMs === 0) return 0;
    const { topic, available, random, calm } = this.#world;
    let count = 0;
    let start = 0;
    const add = (partition: number, offset: number, value: Buffer | null | undefined): void => {
      if (value) this.#sums.values.set(value, start);
      const at = count * rowFields;
      this.rows[at + row.partition] = partition;
      this.rows[at + row.offset] = offset;
      this.rows[at + row.start] = start;
      this.rows[at + row.length] = value === undefined ? partitionEnd : (value?.length ?? -1);
      count += 1;
      start += value?.length ?? 0;
    };
    for (const [partition, position] of this.#positions) {
      if (this.#paused.has(partition)) continue;
      const produced = topic[partition]?.records.slice(0, available[partition]) ?? [];
      const first = produced.findIndex(({ offset }) => offset >= position);
      const most = calm ? 8 : Math.floor(random() * 4);
      const taken = first === -1 ? [] : produced.slice(first, first + most);
      for (const { offset, value } of taken) add(partition, offset, value);
      const next = taken.length === 0 ? position : (taken.at(-1)?.offset ?? 0) + 1;
      this.#positions.set(partition, next);
      const isLast = produced.length === 0 || next > (produced.at(-1)?.offset ?? 0);
      if (!isLast || this.#reportedEnds.get(partition) === next || chance(random, 0.3)) continue;
      this.#reportedEnds.set(partition, next);
      add(partition, next, undefined);
    }
    return count;
  }

  generation(): number {
    return this.member.generation;
  }

  memberId(): string {
    return '';
  }

  topicId(): string {
    return '';
  }

  #setPosition(partition: number, offset: number): void {
    this.#positions.set(partition, offset);
    this.#reportedEnds.delete(partition);
  }
}
