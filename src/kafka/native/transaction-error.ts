import { ClusterError, type ErrorCode } from '../../errors.ts';

/**
 * What became of a transaction. `abort`: nothing was committed; abort it, then another may begin.
 * `fatal`: the producer cannot be used any more, because another one fenced it, or because nothing
 * shows whether the transaction was committed.
 */
export class TransactionError extends ClusterError {
  readonly outcome: 'abort' | 'fatal';

  constructor(
    outcome: 'abort' | 'fatal',
    code: ErrorCode,
    message: string,
    options: ErrorOptions & { readonly hint?: string } = {},
  ) {
    super(code, message, options);
    this.outcome = outcome;
  }
}
