import type { ClusterError } from '../errors.ts';

/** Why a group has failed. The first error counts. */
export class GroupFailure {
  readonly #aborting = new AbortController();
  #error: ClusterError | undefined;

  /** Aborted, with the error as its reason. */
  get signal(): AbortSignal {
    return this.#aborting.signal;
  }

  fail(error: ClusterError): void {
    if (this.#error !== undefined) return;
    this.#error = error;
    this.#aborting.abort(error);
  }

  /** @throws ClusterError with which the group failed */
  throwIfFailed(): void {
    if (this.#error !== undefined) throw this.#error;
  }
}
