import { DurableCells } from '../count/durable-cells.ts';
import { createDurableCells } from '../count/durable-layout.ts';
import { createTable } from '../count/layout.ts';
import { recover } from '../count/recovery.ts';
import { TableReader } from '../count/table-reader.ts';
import { fence, leaseOwner } from '../count/lease.ts';
import type { CountTable } from '../count/table-memory.ts';
import type { GroupRecorder } from '../history/history-recorder.ts';
import { createCountedTopic } from '../protocol/cells/counted-topic.ts';
import { isRequestOf } from '../protocol/cells/restore-request.ts';
import type { MemberId, Partition } from '../protocol/ids.ts';
import type { SupervisorOptions } from './supervisor-options.ts';

export interface RecoveredTable {
  readonly partition: Partition;
  /** True when a sealed journal was completed, false when there was none, or an unsealed one was dropped. */
  readonly replayed: boolean;
}

/**
 * Completes or drops the unfinished batch of a dead member, and frees its tables. Call only after
 * the `exit` event, which follows the join of the thread, so nothing of the member can write any
 * more.
 * @param tables - index is the partition
 * @param history - records each recovery before any member can claim the table
 */
export function recoverTables(
  tables: readonly CountTable[],
  member: MemberId,
  history?: Pick<GroupRecorder, 'recovered'>,
): RecoveredTable[] {
  const held = tables.flatMap((table, index) =>
    leaseOwner(table) === member ? [{ table, partition: index as Partition }] : [],
  );
  return held.map(({ table, partition }) => {
    const outcome = recover(table, (epoch, ended) => {
      history?.recovered(member, table, { partition, epoch, replayed: ended === 'replayed' });
    });
    return { partition, replayed: outcome === 'replayed' };
  });
}

const limitBytesByDefault = 2 ** 31;

/** The tables of one group, one a partition, and the supervisor's rights over them. */
export class TableRegistry {
  /** The topic whose records are in the tables, for members to agree on. */
  readonly countedTopic: SharedArrayBuffer;
  readonly #buffers: SharedArrayBuffer[] = [];
  readonly #durableCells: SharedArrayBuffer[] = [];
  readonly #readers: TableReader[] = [];
  readonly #isDurable: boolean;
  readonly #limitBytes: number;
  readonly #history: GroupRecorder | undefined;

  constructor(options: Pick<SupervisorOptions, 'beginOffsets' | 'tableLimitBytes' | 'history' | 'topicId' | 'group'>) {
    const { beginOffsets, tableLimitBytes: limitBytes = limitBytesByDefault } = options;
    this.countedTopic = createCountedTopic(options.topicId);
    this.#history = options.history;
    this.#limitBytes = limitBytes;
    this.#isDurable = options.group.durable !== undefined;
    for (const nextOffset of beginOffsets) this.#add(nextOffset);
  }

  /** Index is the partition. */
  get buffers(): readonly SharedArrayBuffer[] {
    return this.#buffers;
  }

  /** Index is the partition; empty when the group is not durable. */
  get durableCells(): readonly SharedArrayBuffer[] {
    return this.#durableCells;
  }

  /** Index is the partition. */
  get readers(): readonly TableReader[] {
    return this.#readers;
  }

  /** Makes tables for partitions that were added to the topic: new ones begin at offset 0. @param partitions - how many there are */
  addTo(partitions: number): void {
    while (this.#buffers.length < partitions) this.#add(0);
  }

  #add(nextOffset: number): void {
    const buffer = createTable({ nextOffset, limitBytes: this.#limitBytes });
    this.#buffers.push(buffer);
    this.#readers.push(new TableReader(buffer));
    if (!this.#isDurable) return;
    const cells = createDurableCells();
    new DurableCells(cells).committedNextOffset = nextOffset;
    this.#durableCells.push(cells);
  }

  /** The next offset of each table. */
  nextOffsets(): number[] {
    return this.readers.map((reader) => reader.progress().nextOffset);
  }

  /** The current holder of the partition's table. */
  owner(partition: Partition): MemberId | undefined {
    const buffer = this.buffers[partition];
    return buffer === undefined ? undefined : (leaseOwner(buffer) as MemberId | undefined);
  }

  /** Takes all tables of a member, but one in which a batch is being applied. @returns their partitions */
  fenceTablesOf(member: MemberId): Partition[] {
    return [...this.buffers.keys()].map((index) => index as Partition).filter((index) => this.fence(index, member));
  }

  /** Takes the partition's table from a member. @returns false when it does not hold it, or a batch is being applied */
  fence(partition: Partition, member: MemberId): boolean {
    const buffer = this.buffers[partition];
    if (buffer === undefined) return false;
    const outcome = fence(buffer, member, (epoch) => {
      this.#history?.record({ type: 'fenced', member, partition, epoch });
    });
    return outcome === 'fenced';
  }

  /** Whether the member that made the request still waits for the table. */
  isRequested(partition: Partition, request: number): boolean {
    const buffer = this.#durableCells[partition];
    return buffer !== undefined && new DurableCells(buffer).request === request;
  }

  /** Forgets the requests of a member whose thread has ended. */
  dropRequestsOf(member: MemberId): void {
    for (const buffer of this.#durableCells) {
      const cells = new DurableCells(buffer);
      // They differ when another member has asked for a table that this one still held.
      for (const request of [cells.request, cells.grant]) {
        if (isRequestOf(member, request)) cells.dropRequest(request);
      }
    }
  }

  /** See recoverTables. */
  recoverTablesOf(member: MemberId): RecoveredTable[] {
    return recoverTables(this.buffers, member, this.#history);
  }
}
