/**
 * The timestamps of each record of a latency run: a table in shared memory with one row per record,
 * filled by the producer's thread and by the members. Record i of the schedule is the (i div P)-th
 * record of partition i mod P. Its offset therefore gives its row, and the record itself holds no
 * timestamp.
 */
export interface LatencyTimestamps {
  /** Zero of all times of the table, time/clock.ts. Before anything is recorded. */
  readonly baseMs: number;
  readonly records: number;
  readonly partitions: number;
  /** Columns in sequence, each with an Int32 per record: microseconds since `baseMs`, up to 35 minutes; 0 when not set. */
  readonly columns: SharedArrayBuffer;
}

/** Columns of the table. Each cell has one writer. */
export const latencyColumn = {
  /** The client has taken the record, the producer's thread. */
  handed: 0,
  /** The producer's thread has received the brokers' acknowledgement. */
  acked: 1,
  /** The member's batch call has returned with it. */
  taken: 2,
  /** Last time at which the member's client did not have the record: it arrived between this and `taken`. */
  missing: 3,
  /** The table of its partition includes it, so readers see it. */
  applied: 4,
} as const;

export type LatencyColumn = keyof typeof latencyColumn;

export function createLatencyTimestamps(options: {
  readonly baseMs: number;
  readonly records: number;
  readonly partitions: number;
}): LatencyTimestamps {
  const columns = Object.keys(latencyColumn).length;
  const sizeBytes = options.records * columns * Int32Array.BYTES_PER_ELEMENT;
  return { ...options, columns: new SharedArrayBuffer(sizeBytes) };
}

/** @returns one column; the index is the record's position in the schedule */
export function latencyColumnOf({ columns, records }: LatencyTimestamps, column: LatencyColumn): Int32Array {
  return new Int32Array(columns, latencyColumn[column] * records * Int32Array.BYTES_PER_ELEMENT, records);
}

/** @returns the time as the table holds it: microseconds since its zero */
export function pointOf({ baseMs }: Pick<LatencyTimestamps, 'baseMs'>, atMs: number): number {
  return Math.round((atMs - baseMs) * 1_000);
}
