import type { ErrorReport } from '../errors.ts';

/** An error that ends nothing, in one line. */
export function withHint({ message, hint }: Pick<ErrorReport, 'message' | 'hint'>): string {
  return hint === undefined ? message : `${message}; ${hint}`;
}
