import type { CountTable } from '../count/table-memory.ts';
import { TableWriter } from '../count/table-writer.ts';
import type { BatchConsumer, RebalanceEvent } from '../kafka/native/consumer.ts';
import type { Partition } from '../protocol/ids.ts';
import type { MemberTask } from '../protocol/member-task.ts';
import { endOffsetOf } from './end-offset.ts';
import type { MemberMemory } from './member-memory.ts';
import type { OwnedPartition } from './owned-partition.ts';
import { RestoreRequests, type RestoreRequest } from './restore-requests.ts';

/** True when a rebalance names only the partitions that are added or removed. */
const incremental = { EAGER: false, COOPERATIVE: true, NONE: false } as const;

/** The part of a member's task, memory and client that an assignment needs. */
export type AssignmentTask = Pick<MemberTask, 'memberId' | 'endOffsets'>;
export type AssignmentMemory = Pick<MemberMemory, 'tables' | 'durableCells' | 'history'>;
export type AssignedClient = Pick<
  BatchConsumer,
  | 'assign'
  | 'unassign'
  | 'incrementalAssign'
  | 'incrementalUnassign'
  | 'pause'
  | 'resume'
  | 'seek'
  | 'rebalanceProtocol'
>;

/**
 * The partitions of this member, both in Kafka's view and in shared memory. A partition is consumed
 * only while its table is claimed. The coordinator may assign a partition whose former owner, in
 * this process, has not released its table yet (because its thread is stuck, or died and its
 * journal is still being replayed). Such a partition waits, paused.
 */
export class Assignment {
  readonly #task: AssignmentTask;
  readonly #consumer: AssignedClient;
  readonly #history: MemberMemory['history'];
  /** Table claimed: records may be counted. */
  readonly owned = new Map<number, OwnedPartition>();
  /** Assigned by the group; another member still holds the table, or it is being restored. */
  readonly waiting = new Map<number, OwnedPartition>();
  /** Assigned by the group, but new in the topic: the supervisor has not sent their tables yet. */
  readonly #tableless = new Set<number>();
  readonly #tables: CountTable[];
  readonly #requests: RestoreRequests;
  /**
   * Paused in the client: the gate is closed, the table is still held by an earlier owner, or all is
   * counted. The client keeps a pause over a revocation, and a partition that came back would never
   * be fetched again. It is therefore resumed before the revocation.
   */
  readonly #paused = new Set<number>();
  #gateOpen = false;

  constructor(task: AssignmentTask, consumer: AssignedClient, { tables, durableCells, history }: AssignmentMemory) {
    this.#task = task;
    this.#consumer = consumer;
    this.#history = history;
    this.#tables = [...tables];
    this.#requests = new RestoreRequests(task.memberId, durableCells);
  }

  /** Assigned by the group, but not consumed yet. */
  get waitingPartitions(): Partition[] {
    return [...this.waiting.keys(), ...this.#tableless].map((partition) => partition as Partition);
  }

  /** Tables of a durable group that are to be restored; each is returned once. */
  takeRequests(): RestoreRequest[] {
    return this.#requests.take();
  }

  /** Adds the tables of partitions that were added to the topic. @returns true when a partition waited for one */
  addTables(firstPartition: number, { tables, durableCells }: Omit<AssignmentMemory, 'history'>): boolean {
    this.#requests.add(firstPartition, durableCells);
    for (const [index, table] of tables.entries()) this.#tables[firstPartition + index] = table;
    const arrived = [...this.#tableless].filter((partition) => this.#tables[partition] !== undefined);
    for (const partition of arrived) {
      this.#tableless.delete(partition);
      this.#take(partition as Partition);
      const owned = this.owned.get(partition);
      if (owned !== undefined && this.#gateOpen) this.#resume([owned]);
    }
    return arrived.length > 0;
  }

  /**
   * Makes the client fetch a partition again from the table's next offset, after it had stopped at
   * an offset out of range. A partition that may not be read now is sought when it is resumed.
   */
  restart(partition: number): void {
    if (this.#readable(partition)) this.#consumer.seek(partition, this.#nextOffset(partition));
  }

  /** Claims all tables that are free, and makes the client fetch from each table's next offset. */
  assign(event: RebalanceEvent): void {
    const added = event.partitions.filter((partition) => !this.owned.has(partition) && !this.waiting.has(partition));
    for (const partition of added) this.#tableless.delete(partition);
    for (const partition of added) this.#take(partition as Partition);
    const positions = added.map((partition) => ({ partition, offset: this.#nextOffset(partition) }));
    // The whole list at once under the eager protocol, only what is new under the cooperative one.
    const inTime = this.#isIncremental ? this.#consumer.incrementalAssign(positions) : this.#consumer.assign(positions);
    if (!inTime) {
      // The group has changed since this callback was queued; the next callback brings the current
      // assignment.
      for (const partition of added) this.release(partition);
      return;
    }
    this.#pause(added.filter((partition) => !this.#readable(partition)));
  }

  /**
   * Releases tables first and the client's partitions after that, so that no row of these
   * partitions finds a table any more.
   */
  revoke(event: RebalanceEvent): void {
    for (const partition of event.partitions) this.release(partition);
    this.#unpause(event.partitions);
    if (this.#isIncremental) this.#consumer.incrementalUnassign(event.partitions);
    else this.#consumer.unassign();
  }

  get #isIncremental(): boolean {
    return incremental[this.#consumer.rebalanceProtocol()];
  }

  /** Claims waiting tables that are free now. @returns true when one was claimed */
  claimWaiting(): boolean {
    let claimed = false;
    for (const [partition, waiting] of this.waiting) {
      if (!this.#requests.isGranted(partition)) continue;
      if (waiting.writer.claim(this.#task.memberId) === undefined) continue;
      this.waiting.delete(partition);
      this.owned.set(partition, waiting);
      if (this.#gateOpen) this.#resume([waiting]);
      claimed = true;
    }
    return claimed;
  }

  /** The group's gate has opened: fetch. */
  openGate(): void {
    if (this.#gateOpen) return;
    this.#gateOpen = true;
    this.#resume([...this.owned.values()]);
  }

  /** Releases a table, so that the next owner can claim it. */
  release(partition: number): void {
    this.#requests.drop(partition);
    this.owned.get(partition)?.writer.release();
    this.owned.delete(partition);
    this.waiting.delete(partition);
    this.#tableless.delete(partition);
  }

  /**
   * The supervisor has revoked the lease while this thread was stuck. The group still assigns the
   * partition to this member, so it waits again.
   */
  leaseRevoked(partition: number): void {
    const owned = this.owned.get(partition);
    if (owned === undefined) return;
    this.owned.delete(partition);
    this.waiting.set(partition, owned);
    this.#requests.askAgain(owned.partition);
    this.#pause([partition]);
  }

  /**
   * Makes the client redeliver the given number of records of each partition, as a client may do at
   * any time.
   */
  rewind(records: number): void {
    for (const [partition, { writer }] of this.owned) {
      if (this.#readable(partition)) this.#consumer.seek(partition, Math.max(0, writer.nextOffset - records));
    }
  }

  /**
   * Pauses partitions at their end offset. Records beyond it would be fetched and discarded, at the
   * expense of unfinished partitions.
   */
  pauseAtEnd(partition: number): void {
    if (!this.#readable(partition) && !this.#paused.has(partition)) this.#pause([partition]);
  }

  /** The next offset of each owned table. */
  progress(): { readonly partition: number; readonly nextOffset: number }[] {
    return [...this.owned].map(([partition, { writer }]) => ({ partition, nextOffset: writer.nextOffset }));
  }

  #take(partition: Partition): void {
    const table = this.#tables[partition];
    if (table === undefined) {
      this.#tableless.add(partition);
      return;
    }
    const cells = this.#requests.cellsOf(partition);
    const writer = new TableWriter(table, this.#history?.tableLog(partition), cells);
    const mayClaim = this.#requests.ask(partition);
    const claimed = mayClaim && writer.claim(this.#task.memberId) !== undefined;
    if (claimed) this.owned.set(partition, { partition, table, writer, cells });
    else this.waiting.set(partition, { partition, table, writer, cells });
  }

  /** The gate is open, this member owns the table, and records are left to count. */
  #readable(partition: number): boolean {
    const owned = this.owned.get(partition);
    const endOffset = endOffsetOf(this.#task, partition);
    return this.#gateOpen && owned !== undefined && owned.writer.nextOffset < endOffset;
  }

  #nextOffset(partition: number): number {
    return (this.owned.get(partition) ?? this.waiting.get(partition))?.writer.nextOffset ?? 0;
  }

  #pause(partitions: readonly number[]): void {
    if (partitions.length === 0) return;
    this.#consumer.pause(partitions);
    for (const partition of partitions) this.#paused.add(partition);
  }

  #unpause(partitions: readonly number[]): void {
    const paused = partitions.filter((partition) => this.#paused.delete(partition));
    if (paused.length > 0) this.#consumer.resume(paused);
  }

  #resume(partitions: readonly OwnedPartition[]): void {
    const paused = partitions.filter(({ partition }) => this.#paused.has(partition) && this.#readable(partition));
    this.#unpause(paused.map(({ partition }) => partition));
    // Earlier owners may have counted more records since the assignment. A seek also wakes the
    // client's fetching threads; a resume does not.
    for (const { partition, writer } of paused) this.#consumer.seek(partition, writer.nextOffset);
  }
}
