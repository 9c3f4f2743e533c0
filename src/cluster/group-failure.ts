import type { WordcountError } from '../errors.ts';

/** Why a group has failed. The first error counts. */
export class GroupFailure {
  readonly #aborting = new AbortController();
  #error: WordcountError | undefined;

  /** Aborted, with the error as its reason. */
  get signal(): AbortSignal {
    return this.#aborting.signal;
  }

  fail(error: WordcountError): void {
    if (this.#error !== undefined) return;
    this.#error = error;
    this.#aborting.abort(error);
  }

  /** @throws WordcountError with which the group failed */
  throwIfFailed(): void {
    if (this.#error !== undefined) throw this.#error;
  }
}
