import type { BatchSums } from '../count/batch-sums.ts';
import type { DurableCells } from '../count/durable-cells.ts';
import { changelogOwner } from '../count/lease.ts';
import type { CountTable } from '../count/table-memory.ts';
import {
  keyedRow as row,
  keyedRowFields as rowFields,
  type ChangelogReader,
} from '../kafka/native/changelog-reader.ts';
import { partitionEnd } from '../kafka/native/consumer.ts';
import type { ChangelogMessage, ChangelogOrder } from '../protocol/changelog-task.ts';
import type { Partition } from '../protocol/ids.ts';
import { FollowedTable } from './followed-table.ts';

export interface FollowerOptions {
  readonly reader: Pick<ChangelogReader, 'assign' | 'read' | 'rows' | 'values'>;
  /** The reader's buffers. */
  readonly sums: BatchSums;
  readonly tables: readonly CountTable[];
  readonly durableCells: readonly DurableCells[];
  /** Follow all tables that no member owns; otherwise those of `hold`, and those to be restored. */
  readonly followsAll: boolean;
  /** Gives memory back to the system. */
  readonly releasePages: (bytes: Uint8Array) => void;
  readonly topicId: string | undefined;
  /** Monotonic, in milliseconds. */
  readonly clock: () => number;
  readonly post: (message: ChangelogMessage) => void;
}

type RestoreOrder = Extract<ChangelogOrder, { type: 'restore' }> & {
  readonly startMs: number;
  /** Words of the table when its restore was ordered. */
  readonly wordsBefore: number;
  /** Where the changelog is read from. */
  readonly fromOffset: number;
};

/** Limit of one batch: rows and values of large batches do not fit into the processor's cache. */
const recordsMax = 4_096;
const readMs = 20;
const reportMs = 500;

/**
 * Keeps tables that no member owns up to the changelog and grants them to the members that ask for
 * them. All of it is synchronous; the caller yields to the event loop between two turns.
 */
export class ChangelogFollower {
  readonly #options: FollowerOptions;
  readonly #tables: CountTable[];
  readonly #cells: DurableCells[];
  /** Where counting starts without a changelog; index is the partition. */
  readonly #beginOffsets: number[];
  /** Partitions to keep; undefined before the group was looked at. */
  #held: ReadonlySet<number> | undefined;
  readonly #followed = new Map<number, FollowedTable>();
  readonly #orders = new Map<number, RestoreOrder>();
  /** The reader does not read all that is followed; or it reads more, which costs less than a new start. */
  #reads: 'too little' | 'too much' | 'what is followed' = 'what is followed';

  #reportAtMs = 0;
  /** The last report named a restore. */
  #isReported = false;

  constructor(options: FollowerOptions) {
    this.#options = options;
    this.#tables = [...options.tables];
    this.#cells = [...options.durableCells];
    this.#beginOffsets = this.#cells.map(({ committedNextOffset }) => committedNextOffset);
  }

  /** Tables of partitions that were added to the topic. */
  addTables(firstPartition: number, tables: readonly CountTable[], cells: readonly DurableCells[]): void {
    for (const [index, table] of tables.entries()) this.#tables[firstPartition + index] = table;
    for (const [index, each] of cells.entries()) {
      this.#cells[firstPartition + index] = each;
      this.#beginOffsets[firstPartition + index] = each.committedNextOffset;
    }
  }

  /** The only tables to follow, unless all are followed. Those of others are emptied once no member holds them. */
  hold(partitions: readonly number[]): void {
    this.#held = new Set(partitions);
  }

  restore(order: Extract<ChangelogOrder, { type: 'restore' }>): void {
    const { words: wordsBefore = 0 } = this.#followed.get(order.partition) ?? {};
    const fromOffset = this.#cells[order.partition]?.changelogOffset ?? 0;
    const startMs = this.#options.clock();
    // Restores that end soon are not reported.
    if (this.#orders.size === 0) this.#reportAtMs = startMs + reportMs;
    this.#orders.set(order.partition, { ...order, startMs, wordsBefore, fromOffset });
  }

  /** One turn: takes free tables, reads a batch, applies it, and grants what has reached its end. */
  run(): void {
    this.#takeFree();
    this.#grantReached();
    this.#emptySpare();
    // A new assignment begins all fetches from their start: tables that wait for their restore come first.
    const isDue = this.#reads === 'too little' || (this.#reads === 'too much' && this.#orders.size === 0);
    if (isDue) this.#assign();
    this.#apply(this.#options.reader.read(readMs, recordsMax));
    this.#grantReached();
    this.#report();
  }

  /** Releases all tables. */
  stop(): void {
    for (const table of this.#followed.values()) table.release();
    this.#followed.clear();
  }

  #takeFree(): void {
    for (const [index, table] of this.#tables.entries()) {
      const cells = this.#cells[index];
      // A granted table belongs to its member, which claims it in its next turn.
      if (cells === undefined || this.#followed.has(index) || cells.grant !== 0) continue;
      if (!this.#isWanted(index) && !(this.#isSpare(index) && isFilled(cells))) continue;
      const partition = index as Partition;
      const followed = FollowedTable.claim(
        {
          partition,
          table,
          cells,
          sums: this.#options.sums,
          topicId: this.#options.topicId,
          onDiscarded: () => {
            this.#options.post({ type: 'discarded', partition });
          },
        },
        changelogOwner,
      );
      if (followed === undefined) continue;
      this.#followed.set(index, followed);
      this.#reads = 'too little';
    }
  }

  #grantReached(): void {
    for (const [partition, order] of this.#orders) {
      const followed = this.#followed.get(partition);
      if (followed === undefined) continue;
      const { request, endOffset, startMs, wordsBefore } = order;
      if (followed.cells.request === request && followed.position < endOffset) continue;
      this.#orders.delete(partition);
      const isWanted = followed.cells.request === request;
      if (isWanted || !this.#isWanted(partition)) this.#release(followed);
      // The member has lost the partition meanwhile.
      if (!isWanted) continue;
      followed.cells.grant = request;
      // The member may have dropped its request after the look above; it clears the grant last.
      if (followed.cells.request !== request) followed.cells.grant = 0;
      this.#options.post({
        type: 'restored',
        partition: followed.partition,
        request,
        words: followed.words - wordsBefore,
        elapsedMs: this.#options.clock() - startMs,
        nextOffset: followed.nextOffset,
      });
    }
  }

  /** To be followed. */
  #isWanted(partition: number): boolean {
    return this.#options.followsAll || this.#orders.has(partition) || this.#held?.has(partition) === true;
  }

  /** Placed in other processes. */
  #isSpare(partition: number): boolean {
    return this.#held !== undefined && !this.#isWanted(partition);
  }

  #emptySpare(): void {
    for (const [partition, followed] of this.#followed) {
      if (!this.#isSpare(partition)) continue;
      for (const bytes of followed.empty(this.#beginOffsets[partition] ?? 0)) this.#options.releasePages(bytes);
      this.#release(followed);
    }
  }

  #report(): void {
    const { clock, post } = this.#options;
    const atMs = clock();
    if (this.#orders.size === 0 ? !this.#isReported : atMs < this.#reportAtMs) return;
    this.#reportAtMs = atMs + reportMs;
    const restores = [...this.#orders.values()].flatMap((order) => {
      const followed = this.#followed.get(order.partition);
      // Another member of this process still holds it.
      if (followed === undefined) return [];
      const { partition, endOffset, startMs, wordsBefore } = order;
      const offset = Math.min(followed.position, endOffset);
      const fromOffset = Math.min(order.fromOffset, offset);
      return [
        { partition, words: followed.words - wordsBefore, elapsedMs: atMs - startMs, fromOffset, offset, endOffset },
      ];
    });
    if (restores.length === 0 && !this.#isReported) return;
    this.#isReported = restores.length > 0;
    post({ type: 'restoring', restores });
  }

  #release(followed: FollowedTable): void {
    this.#followed.delete(followed.partition);
    if (this.#reads === 'what is followed') this.#reads = 'too much';
    followed.release();
  }

  #assign(): void {
    this.#reads = 'what is followed';
    this.#options.reader.assign(
      [...this.#followed.values()].map(({ partition, position }) => ({ partition, offset: position })),
    );
  }

  #apply(count: number): void {
    const { rows, values } = this.#options.reader;
    for (let from = 0; from < count;) {
      const partition = rows[from * rowFields + row.partition] ?? -1;
      const followed = this.#followed.get(partition);
      const offset = rows[from * rowFields + row.offset] ?? 0;
      if (rows[from * rowFields + row.valueLength] === partitionEnd) {
        followed?.passed(offset);
        from += 1;
        continue;
      }
      let to = from + 1;
      while (to < count && isRecordOf(rows, to, partition)) to += 1;
      if (followed !== undefined && !followed.take({ rows, values, from, to })) {
        // The rest of the batch is of the old position.
        this.#assign();
        return;
      }
      from = to;
    }
  }
}

/** Not as a new table, and not emptied. */
function isFilled({ changelogOffset, changed }: DurableCells): boolean {
  return changelogOffset > 0 || changed > 0;
}

function isRecordOf(rows: Float64Array, index: number, partition: number): boolean {
  const at = index * rowFields;
  return rows[at + row.partition] === partition && rows[at + row.valueLength] !== partitionEnd;
}
