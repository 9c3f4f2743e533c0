import { BatchSums } from '../count/batch-sums.ts';
import { DurableCells } from '../count/durable-cells.ts';
import type { CountTable } from '../count/table-memory.ts';
import { MemberHistory } from '../history/member-history.ts';
import { row, rowFields } from '../kafka/native/consumer.ts';
import { MemberMeter } from '../protocol/cells/meter.ts';
import type { MemberTask } from '../protocol/member-task.ts';

/** The memory that a member works on. All but `sums` is shared with other threads. */
export interface MemberMemory {
  /** Index is the partition. */
  readonly tables: readonly CountTable[];
  /** Index is the partition; empty in a group that is not durable. */
  readonly durableCells: readonly DurableCells[];
  /** The group's gate, see protocol/cells/gate.ts. */
  readonly gate: Int32Array;
  readonly meter: MemberMeter;
  /** Id of the topic that the group counts, see protocol/cells/counted-topic.ts. */
  readonly countedTopic: SharedArrayBuffer;
  /** Undefined when no history is kept. */
  readonly history: MemberHistory | undefined;
  /** Receives the client's batches and sums their words. */
  readonly sums: BatchSums;
}

const fields = { stride: rowFields, start: row.start, length: row.length } as const;
/** When set, the digest of the records is summed, too. */
const digestFields = { ...fields, partition: row.partition, offset: row.offset } as const;

/** The member's views of the memory that its task names. */
export function memberMemory(task: MemberTask): MemberMemory {
  const { tables, durableCells, gate, meter, countedTopic, history, group } = task;
  const digest = history !== undefined || group.durable !== undefined;
  return {
    tables,
    durableCells: durableCells.map((cells) => new DurableCells(cells)),
    gate: new Int32Array(gate),
    meter: new MemberMeter(meter),
    countedTopic,
    history: history === undefined ? undefined : new MemberHistory(history),
    sums: new BatchSums({
      tokenizer: group.tokenizer,
      fields: digest ? digestFields : fields,
    }),
  };
}
