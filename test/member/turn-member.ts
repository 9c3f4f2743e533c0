import { BatchSums } from '../../src/count/batch-sums.ts';
import { createTable } from '../../src/count/layout.ts';
import { fence, leaseOwner } from '../../src/count/lease.ts';
import { TableReader } from '../../src/count/table-reader.ts';
import { row, rowFields, type RebalanceEvent } from '../../src/kafka/native/consumer.ts';
import { MemberTurn } from '../../src/member/turn.ts';
import { createCountedTopic } from '../../src/protocol/cells/counted-topic.ts';
import { createGate, openGate } from '../../src/protocol/cells/gate.ts';
import { createMeter, MemberMeter } from '../../src/protocol/cells/meter.ts';
import type { MemberId } from '../../src/protocol/ids.ts';
import { ModelClient } from './model-client.ts';

export const memberId = 0 as MemberId;
export const rowsOf = { stride: rowFields, start: row.start, length: row.length } as const;

export interface MemberOptions {
  readonly partitions?: number;
  readonly protocol?: 'EAGER' | 'COOPERATIVE';
  readonly groupProtocol?: 'classic' | 'consumer';
  readonly gateOpen?: boolean;
}

/** Empty tables that start at offset 0. */
export function emptyTables(partitions: number): SharedArrayBuffer[] {
  return Array.from({ length: partitions }, () => createTable({ nextOffset: 0, slotsLog2: 4, limitBytes: 1 << 20 }));
}

/** A member's turn on real tables with a client of this thread; messages join the client's log. */
export function turnMember({
  partitions = 2,
  protocol = 'EAGER',
  groupProtocol = 'classic',
  gateOpen = true,
}: MemberOptions = {}) {
  const tables = emptyTables(partitions);
  const sums = new BatchSums({ tokenizer: 'unicode', fields: rowsOf });
  const client = new ModelClient(sums, protocol);
  const gate = createGate();
  if (gateOpen) openGate(gate);
  const time = { ms: 0 };
  const turn = new MemberTurn({
    task: {
      memberId,
      topic: 'books',
      endOffsets: undefined,
      group: { workUs: 0, commitIntervalMs: 0, groupProtocol, batchRecordsMax: 100 },
    },
    client,
    memory: {
      tables,
      durableCells: [],
      gate: new Int32Array(gate),
      meter: new MemberMeter(createMeter()),
      countedTopic: createCountedTopic(undefined),
      history: undefined,
      sums,
    },
    clock: () => time.ms,
    post: (message) => client.log.push(JSON.stringify({ ...message, memberId: undefined })),
  });
  const readers = tables.map((table) => new TableReader(table));
  return {
    turn,
    client,
    tables,
    gate,
    time,
    nextOffsets: () => readers.map((reader) => reader.progress().nextOffset),
    rebalance: (type: RebalanceEvent['type'], list: readonly number[], lost = false) => {
      turn.onRebalance({ type, partitions: [...list], lost });
      turn.rebalance();
    },
    /** Answers the commit in flight. */
    answer: (error?: Error) => {
      turn.onCommit({ error: error as never, positions: [] });
    },
    owners: () => tables.map((table) => leaseOwner(table)),
    revokeLease: (partition: number) => tables.slice(partition, partition + 1).map((table) => fence(table, memberId)),
    /** The log since the last call. */
    logged: () => client.log.splice(0),
  };
}
