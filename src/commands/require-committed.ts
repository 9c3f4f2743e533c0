import type { GroupSnapshot } from '../cluster/snapshot.ts';
import { ClusterError, fromErrorReport, type ErrorReport } from '../errors.ts';

/**
 * The members have left a durable group: what they have counted must be in its changelog.
 * @param endOffsets - what was to be counted, exclusive; index is the partition
 * @param failure - of the member that failed last
 * @throws ClusterError the failure, or memberFailed, when counts up to these offsets are not committed
 */
export function requireCommitted(
  { partitions, groupId }: Pick<GroupSnapshot, 'partitions' | 'groupId'>,
  endOffsets: readonly number[],
  failure: ErrorReport | undefined,
): void {
  const behind = partitions.find(
    ({ partition, committedOffset = 0 }) => committedOffset < (endOffsets[partition] ?? 0),
  );
  if (behind === undefined) return;
  if (failure !== undefined) throw fromErrorReport(failure);
  const { partition, committedOffset = 0 } = behind;
  const message = `partition ${partition}: counted to offset ${endOffsets[partition]}, but committed only to ${committedOffset}`;
  throw new ClusterError('memberFailed', message, {
    hint: `run it again: group ${groupId} continues where it stopped`,
  });
}
