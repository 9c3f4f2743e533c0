import type { LoggedBatch, TableLog } from '../count/table-log.ts';
import { emptyRow, type Row, type RowType } from './ring-row.ts';
import { RingWriter } from './ring-writer.ts';

/** Shared memory that a member records into. */
export interface HistoryMemory {
  /** This member's ring, see ring-layout.ts. */
  readonly ring: SharedArrayBuffer;
  /** The tickets of all members, see ring-layout.ts. */
  readonly tickets: SharedArrayBuffer;
}

/** Records a member's events, in its own thread. */
export class MemberHistory {
  readonly #ring: RingWriter;

  constructor({ ring, tickets }: HistoryMemory) {
    this.#ring = new RingWriter(ring, tickets);
  }

  /** @param generation - -1 when the client has none */
  rebalanced(type: 'assigned' | 'revoked' | 'lost', partitions: readonly number[], generation: number): void {
    for (const partition of partitions) this.#write(type, { partition, epoch: generation });
  }

  commit(type: 'commitSent' | 'commitOk' | 'commitFailed', partition: number, offset: number): void {
    this.#write(type, { partition, firstOffset: offset });
  }

  left(): void {
    this.#write('left', {});
  }

  /** For the writer of one partition's table. */
  tableLog(partition: number): TableLog {
    return {
      beginBatch: () => this.#ring.begin(),
      endBatch: (batch) => {
        this.#ring.end(batch === undefined ? undefined : batchRow(partition, batch));
      },
      refused: ({ firstOffset, nextOffset, records }) => {
        this.#write('batchRefused', { partition, firstOffset, lastOffset: nextOffset - 1, records });
      },
      acquired: (epoch, nextOffset) => {
        this.#write('acquired', { partition, epoch, firstOffset: nextOffset });
      },
      released: (epoch) => {
        this.#write('released', { partition, epoch });
      },
    };
  }

  #write(type: RowType, fields: Partial<Row>): void {
    this.#ring.write({ ...emptyRow, ...fields, type });
  }
}

function batchRow(partition: number, batch: LoggedBatch): Row {
  const { epoch, firstOffset, nextOffset, records, words, digestLow, digestHigh } = batch;
  // Without records the table only moved past offsets without a readable record.
  if (records === 0) return { ...emptyRow, type: 'advanced', partition, epoch, firstOffset: nextOffset };
  const lastOffset = nextOffset - 1;
  return { type: 'batchApplied', partition, epoch, firstOffset, lastOffset, records, words, digestLow, digestHigh };
}
