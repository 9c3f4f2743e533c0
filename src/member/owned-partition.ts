import type { DurableCells } from '../count/durable-cells.ts';
import type { CountTable } from '../count/table-memory.ts';
import type { TableWriter } from '../count/table-writer.ts';
import type { Partition } from '../protocol/ids.ts';

/** A partition that the group has assigned to this member, with its table. */
export interface OwnedPartition {
  readonly partition: Partition;
  readonly table: CountTable;
  readonly writer: TableWriter;
  /** Only in a durable group. */
  readonly cells: DurableCells | undefined;
}
