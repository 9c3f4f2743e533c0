import { toClusterError, type ClusterError } from '../errors.ts';

/** Why a group has failed. The first error counts. */
export class GroupFailure {
  readonly #aborting = new AbortController();
  #error: ClusterError | undefined;

  /** Aborted, with the error as its reason. */
  get signal(): AbortSignal {
    return this.#aborting.signal;
  }

  /** @param error - other than a ClusterError: a bug, or the system has no thread left */
  fail(error: unknown): void {
    if (this.#error !== undefined) return;
    this.#error = toClusterError(error);
    this.#aborting.abort(this.#error);
  }

  /** @throws ClusterError with which the group failed */
  throwIfFailed(): void {
    if (this.#error !== undefined) throw this.#error;
  }
}
