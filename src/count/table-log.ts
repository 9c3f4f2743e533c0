/**
 * Who is told of all that happens to a table, by the thread that does it, while no other thread can change the table. So
 * the order of tickets is the order in which things happened. Calls must be quick, and must not throw.
 */
export interface TableLog {
  /** Place in the order of everything that is logged, at least 1; 0 when there is no room to log the batch. */
  readonly beginBatch: () => number;
  /** Ends what `beginBatch` began. `undefined`: the batch changed nothing. */
  readonly endBatch: (batch: LoggedBatch | undefined) => void;
  /** Outside of the critical section: the lease was gone, and the batch changed nothing. */
  readonly refused: (batch: Pick<LoggedBatch, 'firstOffset' | 'nextOffset' | 'records'>) => void;
  readonly acquired: (epoch: number, nextOffset: number) => void;
  readonly released: (epoch: number) => void;
}

export interface LoggedBatch {
  /** From `beginBatch`. */
  readonly ticket: number;
  readonly epoch: number;
  readonly firstOffset: number;
  /** Of the table from now on. */
  readonly nextOffset: number;
  readonly records: number;
  readonly words: number;
  /** Halves of the digest, 0 to 2^32 - 1. */
  readonly digestLow: number;
  readonly digestHigh: number;
}
