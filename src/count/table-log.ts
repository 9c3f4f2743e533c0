/**
 * Receives all events of a table from the thread that causes them, while no other thread can change
 * the table. The order of tickets is therefore the order of the events. Calls must be fast and must
 * not throw.
 */
export interface TableLog {
  /**
   * @returns the batch's ticket in the order of all logged events, at least 1; 0 when there is no
   *   room to log the batch
   */
  readonly beginBatch: () => number;
  /** Ends the batch that `beginBatch` began; `undefined` means that the batch changed nothing. */
  readonly endBatch: (batch: LoggedBatch | undefined) => void;
  /** Called outside of the critical section: the lease was lost, and the batch changed nothing. */
  readonly refused: (batch: Pick<LoggedBatch, 'firstOffset' | 'nextOffset' | 'records'>) => void;
  readonly acquired: (epoch: number, nextOffset: number) => void;
  readonly released: (epoch: number) => void;
}

export interface LoggedBatch {
  /** The result of `beginBatch`. */
  readonly ticket: number;
  readonly epoch: number;
  readonly firstOffset: number;
  /** The table's nextOffset after the batch. */
  readonly nextOffset: number;
  readonly records: number;
  readonly words: number;
  /** Halves of the digest, 0 to 2^32 - 1. */
  readonly digestLow: number;
  readonly digestHigh: number;
}
