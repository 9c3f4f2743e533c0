import { ClusterError } from '../errors.ts';
import type { BenchReport } from '../results/schema.ts';
import { counted } from '../numbers.ts';

/**
 * Pure: the error with which the program exits after a bench. Wrong counts take precedence over the
 * error that ended the bench early.
 * @returns undefined when all planned runs were made and verified
 */
export function benchError(outcome: {
  readonly report: Pick<BenchReport, 'verdict'>;
  readonly error: unknown;
}): Error | undefined {
  const { runs, runsVerified } = outcome.report.verdict;
  if (runsVerified < runs) {
    return new ClusterError('verificationFailed', `wrong counts in ${runs - runsVerified} of ${counted(runs, 'run')}`, {
      hint: 'see the differences in the report; this is a bug in consumer-cluster, please report it',
    });
  }
  const { error } = outcome;
  if (error === undefined || error instanceof Error) return error;
  return new ClusterError('internal', 'the bench ended early', { cause: error });
}
