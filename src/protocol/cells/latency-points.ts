/**
 * When each record of a latency run passed which point: a table in shared memory, a row a record, filled by the producer's
 * thread and by the members. Record i of the schedule is the (i div P)-th record of partition i mod P, so its offset
 * tells its row, and nothing need be written into the record.
 */
export interface LatencyPoints {
  /** Zero of all times of the table, time/clock.ts. Before anything is recorded. */
  readonly baseMs: number;
  readonly records: number;
  readonly partitions: number;
  /** Columns one after the other, an Int32 a record each: microseconds since `baseMs`, up to 35 minutes; 0 for not yet. */
  readonly columns: SharedArrayBuffer;
}

/** Columns of the table: each has one writer a record. */
export const latencyColumn = {
  /** The client has taken the record, the producer's thread. */
  handed: 0,
  /** The producer's thread has heard that the brokers have it. */
  acked: 1,
  /** The member's batch call has returned with it. */
  taken: 2,
  /** The last moment at which the member's client was seen without it: it came between this and `taken`. */
  missing: 3,
  /** The table of its partition has it: readers see it. */
  applied: 4,
} as const;

export type LatencyColumn = keyof typeof latencyColumn;

export function createLatencyPoints(options: {
  readonly baseMs: number;
  readonly records: number;
  readonly partitions: number;
}): LatencyPoints {
  const columns = Object.keys(latencyColumn).length;
  const sizeBytes = options.records * columns * Int32Array.BYTES_PER_ELEMENT;
  return { ...options, columns: new SharedArrayBuffer(sizeBytes) };
}

/** @returns one column, index is the record's place in the schedule */
export function latencyColumnOf({ columns, records }: LatencyPoints, column: LatencyColumn): Int32Array {
  return new Int32Array(columns, latencyColumn[column] * records * Int32Array.BYTES_PER_ELEMENT, records);
}

/** @returns the moment as the table holds it: microseconds since its zero */
export function pointOf({ baseMs }: Pick<LatencyPoints, 'baseMs'>, atMs: number): number {
  return Math.round((atMs - baseMs) * 1_000);
}
