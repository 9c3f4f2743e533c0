import { DurableCells } from '../count/durable-cells.ts';
import { readMeter, type MeterSlot } from '../protocol/cells/meter.ts';
import type { MemberId, Partition } from '../protocol/ids.ts';
import type { LostRecords } from './lost-records.ts';
import type { MemberHandle } from './member-handle.ts';
import { partitionsOf, type MemberPhase } from './member-state.ts';
import type { TableRegistry } from './table-registry.ts';

export interface PartitionSnapshot {
  readonly partition: Partition;
  /** Who holds the table; undefined between two owners. */
  readonly owner: MemberId | undefined;
  readonly nextOffset: number;
  readonly records: number;
  /** Only of a durable group: next offset of the last complete transaction. */
  readonly committedOffset?: number;
  /** Only of a durable group: words that have changed since, some of them perhaps twice. */
  readonly changedWords?: number;
}

export interface MemberSnapshot {
  readonly memberId: MemberId;
  /** Set for a static member. */
  readonly groupInstanceId: string | undefined;
  readonly phase: MemberPhase;
  readonly partitions: readonly Partition[];
  readonly meter: Readonly<Record<MeterSlot, number>>;
}

/**
 * State of a group at one time. Each table is consistent in itself; tables are read one after the
 * other.
 */
export interface GroupSnapshot {
  readonly groupId: string;
  readonly partitions: readonly PartitionSnapshot[];
  /** All members there ever were, in the order of their start. */
  readonly members: readonly MemberSnapshot[];
  readonly records: number;
  readonly words: number;
  readonly bytes: number;
  /** Writes that came too late and were refused by their table. */
  readonly refused: number;
  /** Records that were deleted before they were counted. */
  readonly lost: readonly LostRecords[];
}

function durableFacts(
  buffer: SharedArrayBuffer | undefined,
): Pick<PartitionSnapshot, 'committedOffset' | 'changedWords'> {
  if (buffer === undefined) return {};
  const { committedNextOffset, changed } = new DurableCells(buffer);
  return { committedOffset: committedNextOffset, changedWords: changed };
}

export function takeSnapshot(
  groupId: string,
  tables: TableRegistry,
  members: readonly MemberHandle[],
  lost: readonly LostRecords[],
): GroupSnapshot {
  const progress = tables.readers.map((reader) => reader.progress());
  const sum = (value: (entry: (typeof progress)[number]) => number): number =>
    progress.reduce((total, entry) => total + value(entry), 0);
  return {
    groupId,
    partitions: progress.map(({ nextOffset, records }, index) => {
      const partition = index as Partition;
      const cells = tables.durableCells[partition];
      return { partition, owner: tables.owner(partition), nextOffset, records, ...durableFacts(cells) };
    }),
    members: members.map(({ memberId, groupInstanceId, state, meter }) => ({
      memberId,
      groupInstanceId,
      phase: state.phase,
      partitions: partitionsOf(state),
      meter: readMeter(meter),
    })),
    records: sum(({ records }) => records),
    words: sum(({ words }) => words),
    bytes: sum(({ bytes }) => bytes),
    refused: sum(({ refused }) => refused),
    lost,
  };
}
