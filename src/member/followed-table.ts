import type { BatchSums } from '../count/batch-sums.ts';
import type { DurableCells } from '../count/durable-cells.ts';
import type { CountTable } from '../count/table-memory.ts';
import { TableWriter, type ApplyResult } from '../count/table-writer.ts';
import { ClusterError } from '../errors.ts';
import { ProgressFold, isProgressKey, type Progress } from '../protocol/changelog-format.ts';
import type { Partition } from '../protocol/ids.ts';
import { keyedRow as row, keyedRowFields as rowFields } from '../kafka/native/changelog-reader.ts';

/** A batch of the changelog: rows of one partition. */
export interface ChangelogRun {
  readonly rows: Float64Array;
  readonly values: Uint8Array;
  readonly from: number;
  readonly to: number;
}

export interface FollowedTableOptions {
  readonly partition: Partition;
  readonly table: CountTable;
  readonly cells: DurableCells;
  /** Sums of this thread, whose buffers hold the runs. */
  readonly sums: BatchSums;
  /** Id of the counted topic; undefined when the brokers report none. */
  readonly topicId: string | undefined;
  /** Called when the contents of the table were discarded. */
  readonly onDiscarded: () => void;
}

/**
 * A table whose lease the changelog thread holds: it follows its changelog partition.
 *
 * A table may contain more than the changelog: a member of this process died with words that it had
 * counted and not committed. Such a table is kept for the next member as long as no other process
 * commits to the partition, so its words are not overwritten; only the writers of commits are looked at. A
 * commit of another process proves that it has counted the same records again: the table is then
 * emptied and restored from the start.
 */
export class FollowedTable {
  readonly partition: Partition;
  readonly cells: DurableCells;
  readonly #options: FollowedTableOptions;
  readonly #writer: TableWriter;
  #fold = new ProgressFold();
  /** Of the first record of the progress that is being read. */
  #progressOffset = 0;
  #words = 0;

  /** The lease must be claimed: see `claim`. */
  private constructor(options: FollowedTableOptions, writer: TableWriter) {
    this.partition = options.partition;
    this.cells = options.cells;
    this.#options = options;
    this.#writer = writer;
    // A thread that ended in the middle of a reset has left a table without meaning.
    if (this.cells.restoring) this.#discard();
  }

  /** @returns undefined when another thread holds the table */
  static claim(options: FollowedTableOptions, owner: number): FollowedTable | undefined {
    const writer = new TableWriter(options.table, undefined, options.cells);
    return writer.claim(owner) === undefined ? undefined : new FollowedTable(options, writer);
  }

  /** Offset in the changelog from which to read on. */
  get position(): number {
    return this.cells.changelogOffset;
  }

  /** Words taken from the changelog so far. */
  get words(): number {
    return this.#words;
  }

  /** Offset in the counted topic. */
  get nextOffset(): number {
    return this.#writer.nextOffset;
  }

  /** Nothing more is delivered below this offset. */
  passed(offset: number): void {
    if (!this.#fold.isWithin && offset > this.cells.changelogOffset) this.cells.changelogOffset = offset;
  }

  /**
   * Takes a run of this partition that begins at `position` or behind it.
   * @returns false when the table was discarded: read on from `position`, which is 0 now
   */
  take(run: ChangelogRun): boolean {
    const next = (run.rows[(run.to - 1) * rowFields + row.offset] ?? 0) + 1;
    const progress = this.#progressIn(run);
    if (this.#isAhead() && progress !== undefined) {
      if (!this.#isOurs(progress)) {
        this.#discard();
        return false;
      }
      this.#flightCompleted();
    }
    // The run may contain words of a later commit behind the end of ours.
    if (!this.#isAhead()) this.#apply(run, progress);
    // The next follower of the table begins a progress that is cut here at its first record.
    this.cells.changelogOffset = this.#fold.isWithin ? this.#progressOffset : next;
    return true;
  }

  release(): void {
    this.#writer.release();
  }

  /**
   * Empties the table, whose partition is then read from the start when it is wanted again.
   * @param nextOffset - where counting starts without a changelog
   * @returns memory that may be released, before the lease is
   */
  empty(nextOffset: number): Uint8Array[] {
    this.#reset(nextOffset);
    return [this.#writer.unused, this.cells.unused];
  }

  /** The table contains words that its last known commit does not. */
  #isAhead(): boolean {
    return this.cells.changed > 0 || this.nextOffset !== this.cells.committedNextOffset;
  }

  #isOurs({ writer, commit }: Progress): boolean {
    return writer === this.cells.flightWriter && commit === this.cells.flightCommit;
  }

  #flightCompleted(): void {
    const { cells } = this;
    cells.committedNextOffset = cells.flightNextOffset;
    cells.completed();
    cells.flightWriter = 0;
  }

  #apply({ from, to }: ChangelogRun, progress: Progress | undefined): void {
    const { sums } = this.#options;
    sums.select(this.partition);
    sums.reset();
    if (sums.setRows(from, to) > 0) {
      throw new ClusterError('input', `partition ${this.partition} of the changelog has records that are not counts`, {
        hint: 'pass another --changelog-topic: only members of a durable group may write to it',
      });
    }
    this.#words += sums.distinct;
    if (sums.distinct > 0 || progress !== undefined) this.#restored(this.#writer.restore(sums, progress));
    if (progress !== undefined) this.cells.committedNextOffset = progress.nextOffset;
  }

  #restored(result: ApplyResult): void {
    switch (result.type) {
      case 'applied':
        return;
      case 'fenced':
        throw new ClusterError(
          'internal',
          `the table of partition ${this.partition} was taken over during its restore`,
        );
      case 'full': {
        const mib = (bytes: number): string => `${Math.ceil(bytes / 1_048_576)} MiB`;
        const { neededBytes, limitBytes } = result;
        const message = `the counts of partition ${this.partition} need ${mib(neededBytes)}, its table has ${mib(limitBytes)}`;
        throw new ClusterError('limit', message, { hint: 'spread the topic over more partitions' });
      }
    }
  }

  /** The newest progress that this run completes. @throws ClusterError for progress of another topic */
  #progressIn({ rows, values, from, to }: ChangelogRun): Progress | undefined {
    const before = this.#fold.progress;
    for (let index = from; index < to; index += 1) {
      const at = index * rowFields;
      const keyStart = rows[at + row.keyStart] ?? 0;
      const keyLength = rows[at + row.keyLength] ?? 0;
      if (!isProgressKey(values, keyStart, keyLength)) continue;
      if (!this.#fold.isWithin) this.#progressOffset = rows[at + row.offset] ?? 0;
      this.#fold.take(values, keyStart, keyLength, rows[at + row.valueStart] ?? 0, rows[at + row.valueLength] ?? 0);
    }
    const { progress } = this.#fold;
    if (progress === before || progress === undefined) return undefined;
    const { topicId } = this.#options;
    if (topicId !== undefined && progress.topicId !== undefined && topicId !== progress.topicId) {
      throw new ClusterError('topicUnavailable', 'the changelog belongs to a deleted topic of the same name', {
        hint: 'pass another --group or another --changelog-topic, or delete the changelog topic to count from the start',
      });
    }
    return progress;
  }

  /** Empties the table; the changelog is read from its start. */
  #discard(): void {
    this.#reset(0);
    this.#options.onDiscarded();
  }

  #reset(nextOffset: number): void {
    const { cells } = this;
    cells.restoring = true;
    this.#restored(this.#writer.reset(nextOffset));
    cells.flightWriter = 0;
    cells.committedNextOffset = nextOffset;
    cells.changelogOffset = 0;
    cells.restoring = false;
    this.#fold = new ProgressFold();
  }
}
