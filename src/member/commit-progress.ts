import { ClusterError } from '../errors.ts';

/**
 * Longest time until the coordinators have answered one request of a transaction, far beyond what a
 * failover takes. A last resort: the client asks for the coordinator again each second, but gives
 * up only after the transaction's timeout or later. Records that are not delivered fail by
 * themselves.
 */
const answerMsMax = 30_000;

/** Observes the transactions of one member: whether they make progress, and what they wait for. */
export class CommitProgress {
  /**
   * Last progress. A transaction that repeats an aborted one makes none until it is complete, or a
   * member that is refused again and again would keep its partitions for ever.
   */
  advancedMs: number;
  readonly #clock: () => number;
  #phaseMs: number;
  #delivered = 0;
  #isRepeating = false;

  /** @param clock - monotonic, in milliseconds */
  constructor(clock: () => number) {
    this.#clock = clock;
    this.#phaseMs = this.advancedMs = clock();
  }

  phaseBegun(): void {
    this.#phaseMs = this.#clock();
    this.#advance();
  }

  /** @param delivered - records that the brokers have acknowledged so far */
  look(delivered: number): void {
    if (delivered === this.#delivered) return;
    this.#delivered = delivered;
    this.#advance();
  }

  aborted(): void {
    this.#isRepeating = true;
  }

  completed(): void {
    this.#isRepeating = false;
  }

  /**
   * @param awaited - what the phase waits for
   * @throws ClusterError commitInterrupted when the phase has taken too long
   */
  requireAnswer(awaited: string): void {
    if (this.#clock() - this.#phaseMs < answerMsMax) return;
    const seconds = answerMsMax / 1_000;
    throw interrupted(`the coordinator of its transaction has not answered for ${seconds} s (${awaited})`);
  }

  #advance(): void {
    if (!this.#isRepeating) this.advancedMs = this.#clock();
  }
}

/** @param what - happened to the member. Its replacement continues from the last completed commit */
export function interrupted(what: string): ClusterError {
  return new ClusterError('commitInterrupted', what);
}

export function isInterruption(error: unknown): boolean {
  return error instanceof ClusterError && error.code === 'commitInterrupted';
}
