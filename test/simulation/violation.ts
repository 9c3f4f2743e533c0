/** What a check is about. */
export type CheckName =
  /** One writer at a time: every write lies within its writer's own lease, epochs rise by 1. */
  | 'ownership'
  /** Every word, the totals and the offset are those of the records before that offset. */
  | 'counts'
  /** Readers see whole batches, and never an older one than before. */
  | 'readers'
  /** A commit is never ahead of the table or after its release, and the last one equals the table. */
  | 'commits'
  /** In the end the supervisor knows of each owner. */
  | 'reports'
  /** When the faults are over, every record is counted. */
  | 'liveness'
  /** No thread throws an error. */
  | 'errors';

/** A property that did not hold. */
export class Violation extends Error {
  readonly check: CheckName;

  constructor(check: CheckName, message: string) {
    super(message);
    this.check = check;
  }
}

/** The first property that did not hold in a simulation. */
export interface FoundViolation {
  readonly check: CheckName;
  readonly message: string;
  /** Index of the schedule; undefined when an enumerated case failed. */
  readonly schedule: number | undefined;
}
