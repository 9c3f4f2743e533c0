import type { HistoryEvent } from './event.ts';

/** Types of events that members write. A row contains the index of its type. */
export const rowTypes = [
  'assigned',
  'revoked',
  'lost',
  'acquired',
  'released',
  'batchApplied',
  'advanced',
  'batchRefused',
  'commitSent',
  'commitOk',
  'commitFailed',
  'left',
] as const;

export type RowType = (typeof rowTypes)[number];

/** Content of a row besides ticket and time. The type decides which fields are used. */
export interface Row {
  readonly type: RowType;
  readonly partition: number;
  /** The lease's epoch, or the group's generation. */
  readonly epoch: number;
  /** Also `offset` or `nextOffset` of events with a single offset. */
  readonly firstOffset: number;
  readonly lastOffset: number;
  readonly records: number;
  readonly words: number;
  readonly digestLow: number;
  readonly digestHigh: number;
}

export const emptyRow: Omit<Row, 'type'> = {
  partition: -1,
  epoch: -1,
  firstOffset: -1,
  lastOffset: -1,
  records: 0,
  words: 0,
  digestLow: 0,
  digestHigh: 0,
};

export interface RowStamp {
  readonly ticket: number;
  readonly atMs: number;
  readonly group: string;
  readonly member: number;
}

/** @returns the event that a row describes */
export function eventOf(stamp: RowStamp, row: Row): HistoryEvent {
  const { type, partition, epoch, firstOffset, lastOffset, records } = row;
  switch (type) {
    case 'assigned':
    case 'revoked':
    case 'lost':
      return { ...stamp, type, partition, generation: epoch };
    case 'acquired':
    case 'advanced':
      return { ...stamp, type, partition, epoch, nextOffset: firstOffset };
    case 'released':
      return { ...stamp, type, partition, epoch };
    case 'batchApplied': {
      const digest = digestOf(row);
      return {
        ...stamp,
        type,
        partition,
        epoch,
        firstOffset,
        lastOffset,
        records,
        words: row.words,
        digest,
        toldBy: 'member',
      };
    }
    case 'batchRefused':
      return { ...stamp, type, partition, firstOffset, lastOffset, records };
    case 'commitSent':
    case 'commitOk':
    case 'commitFailed':
      return { ...stamp, type, partition, offset: firstOffset };
    case 'left':
      return { ...stamp, type };
  }
}

/** @param halves - each 0 to 2^32 - 1 */
export function digestOf(halves: { readonly digestLow: number; readonly digestHigh: number }): bigint {
  return (BigInt(halves.digestHigh) << 32n) | BigInt(halves.digestLow);
}
