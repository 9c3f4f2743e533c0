/** What a check is about. */
export type CheckName =
  /** One writer at a time: every write lies within its writer's own lease, epochs rise by 1. */
  | 'ownership'
  /** Every word, the totals and the offset are those of the records before that offset. */
  | 'counts'
  /** Readers see whole batches, and never an older one than before. */
  | 'readers'
  /** What the group is told is never ahead of the table, and in the end the same. */
  | 'commits'
  /** In the end the supervisor knows of each owner. */
  | 'reports'
  /** When the faults are over, every record is counted. */
  | 'liveness'
  /** No thread fails by itself. */
  | 'errors';

/** A property that did not hold. */
export class Violation extends Error {
  readonly check: CheckName;

  constructor(check: CheckName, message: string) {
    super(message);
    this.check = check;
  }
}
