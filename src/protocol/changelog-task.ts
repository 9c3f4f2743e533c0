import type { Connection } from '../config/connection.ts';
import type { DurableConfig, GroupConfig } from '../config/group.ts';
import type { ErrorReport } from '../errors.ts';
import type { Partition } from './ids.ts';
import type { SharedTables } from './member-task.ts';

/** What the changelog thread of a durable group receives when it starts (its `workerData`). */
export interface ChangelogTask extends SharedTables {
  readonly connection: Connection;
  readonly clientId: string;
  readonly group: GroupConfig & { readonly durable: DurableConfig };
  /** Id of the counted topic, 32 hexadecimal digits; undefined when the brokers report none. */
  readonly topicId: string | undefined;
}

/** From the supervisor to the changelog thread. */
export type ChangelogOrder =
  /** Bring the table to the end offset of its changelog partition, then grant the request. */
  | { readonly type: 'restore'; readonly partition: Partition; readonly request: number; readonly endOffset: number }
  /**
   * Keep only the copies of these partitions, with `standby` a number: all other tables that no
   * member holds are emptied, and their memory is released.
   */
  | { readonly type: 'hold'; readonly partitions: readonly Partition[] }
  | ({ readonly type: 'tablesAdded'; readonly firstPartition: Partition } & SharedTables)
  | { readonly type: 'stop' };

/** From the changelog thread to the supervisor. */
export type ChangelogMessage =
  | ({ readonly type: 'restored'; readonly request: number } & Restored)
  /** Restores that take long, about twice a second. Empty when the last of them was dropped. */
  | { readonly type: 'restoring'; readonly restores: readonly RestoreProgress[] }
  /** The thread reads what other processes have committed: the table's contents were discarded. */
  | { readonly type: 'discarded'; readonly partition: Partition }
  | { readonly type: 'notice'; readonly error: ErrorReport }
  | { readonly type: 'failed'; readonly error: ErrorReport };

/** What a restore has done. */
export interface Restored {
  readonly partition: Partition;
  /** Words read from the changelog, duplicates included. */
  readonly words: number;
  readonly elapsedMs: number;
  /** Offset of the counted topic at which counting continues. */
  readonly nextOffset: number;
}

/** How far a restore is. Offsets are of the changelog partition. */
export interface RestoreProgress {
  readonly partition: Partition;
  /** Words read from the changelog, duplicates included. */
  readonly words: number;
  readonly elapsedMs: number;
  readonly fromOffset: number;
  readonly offset: number;
  /** Exclusive. */
  readonly endOffset: number;
}
