import { withoutSecrets } from './secrets.ts';

/**
 * Exit codes of the program, by the code of the error that ended it. The list is closed, because
 * scripts depend on it: 0 passed · 1 could not run · 2 usage · 3 verification failed · 4 regression
 * · 5 inconclusive · 130 interrupted.
 */
const exitCodes = {
  usage: 2,
  brokerUnavailable: 1,
  accessDenied: 1,
  topicUnavailable: 1,
  environment: 1,
  input: 1,
  limit: 1,
  timeout: 1,
  memberFailed: 1,
  memberFenced: 1,
  commitInterrupted: 1,
  groupRefused: 1,
  groupFull: 1,
  internal: 1,
  verificationFailed: 3,
  regression: 4,
  inconclusive: 5,
  interrupted: 130,
} as const;

/** The kind of an error, from a closed list: scripts may depend on it. */
export type ErrorCode = keyof typeof exitCodes;

/**
 * The only error class of the program. `message` is one line that names the flag, the file or the
 * broker; `hint` is an instruction. Neither contains a registered secret (secrets.ts), whatever the
 * source of the text.
 */
export class ClusterError extends Error {
  override readonly name = 'ClusterError';
  readonly code: ErrorCode;
  readonly hint: string | undefined;

  constructor(code: ErrorCode, message: string, options: ErrorOptions & { readonly hint?: string } = {}) {
    super(withoutSecrets(message), options);
    this.code = code;
    this.hint = options.hint === undefined ? undefined : withoutSecrets(options.hint);
  }

  /** The exit code of a command that ends with this error. */
  get exitCode(): number {
    return exitCodes[this.code];
  }
}

/** An error as data between threads: structuredClone would drop class, code and hint. */
export interface ErrorReport {
  readonly code: ErrorCode;
  readonly message: string;
  readonly hint: string | undefined;
  readonly stack: string;
}

export function toErrorReport(error: unknown): ErrorReport {
  if (error instanceof ClusterError) {
    return { code: error.code, message: error.message, hint: error.hint, stack: error.stack ?? '' };
  }
  const cause = error instanceof Error ? error : new Error(String(error));
  const [message, stack] = [withoutSecrets(cause.message), withoutSecrets(cause.stack ?? '')];
  return { code: 'internal', message, hint: undefined, stack };
}

export function fromErrorReport(report: ErrorReport): ClusterError {
  const error = new ClusterError(report.code, report.message, report.hint === undefined ? {} : { hint: report.hint });
  error.stack = report.stack;
  return error;
}

/** Converts any error to a ClusterError; an error of another class is a bug of this program. */
export function toClusterError(error: unknown): ClusterError {
  if (error instanceof ClusterError) return error;
  const message = error instanceof Error ? error.message : String(error);
  return new ClusterError('internal', message, { cause: error });
}

/** An error after which the program tries again, in one line. */
export function renderRetry({ message, hint }: Pick<ErrorReport, 'message' | 'hint'>): string {
  return `${hint === undefined ? message : `${message}; ${hint}`}; retrying`;
}

/**
 * @returns the system's description of a failed call, without its code and the call's name: `no
 *   space left on device`
 */
export function reasonOf(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  return /^[A-Z0-9]+: ([^,]+)/.exec(message)?.[1] ?? message;
}

/**
 * The error for an input that can't be read, whichever option names it. The command line is
 * correct, so the program ends with exit code 1.
 * @param how.option - the option or the property that names the file; absent for an argument
 */
export function unreadable(
  path: string,
  cause: unknown,
  how: { readonly option?: string; readonly hint?: string } = {},
): ClusterError {
  const { option, ...hint } = how;
  const named = option === undefined ? path : `${path} (${option})`;
  return new ClusterError('input', `can't read ${named}: ${reasonOf(cause)}`, { cause, ...hint });
}
