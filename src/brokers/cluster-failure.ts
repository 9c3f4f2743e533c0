import { ClusterError } from '../errors.ts';
import type { ClusterFolder } from './cluster-folder.ts';
import { isDiskFull } from './failure-cause.ts';

/**
 * The error when all processes of the managed brokers have ended. It names the cause and the logs
 * that are kept.
 * @param error - the observed error
 */
export async function clusterFailure(
  error: unknown,
  { folder, logText }: { readonly folder: ClusterFolder; readonly logText: string },
): Promise<ClusterError> {
  const full = hasNoSpace(error) || (await isDiskFull(folder.path, logText));
  const logs = await folder.keepLogs().catch(() => undefined);
  const hints = [
    ...(full ? ['free some space there, or set TMPDIR (or --data of `brokers`) to a folder with enough space'] : []),
    ...(logs === undefined ? [] : [`see the broker logs: ${logs}`]),
  ];
  const seen = error instanceof Error ? error.message : String(error);
  return new ClusterError('environment', full ? `no space left on ${folder.path}` : seen, {
    cause: error,
    ...(hints.length === 0 ? {} : { hint: hints.join('; ') }),
  });
}

function hasNoSpace(error: unknown): boolean {
  const code = error instanceof Error ? (error as NodeJS.ErrnoException).code : undefined;
  return code === 'ENOSPC' || code === 'EDQUOT';
}
