import type { GroupFailure } from './group-failure.ts';
import { groupSettled } from './group-settled.ts';
import type { Roster } from './roster.ts';
import type { TableRegistry } from './table-registry.ts';
import { waitUntil, type WaitOptions } from '../time/wait-until.ts';
import { counted } from '../numbers.ts';

/** State that the waits observe. */
export interface WaitedGroup {
  readonly groupId: string;
  readonly roster: Roster;
  readonly tables: TableRegistry;
  readonly failure: GroupFailure;
}

const listMax = 5;

export interface SettleOptions extends WaitOptions {
  /**
   * If true, the group may have members in other processes: it is settled when all members of this
   * process have their assignments and tables.
   */
  readonly isShared?: boolean;
}

/**
 * Resolves when every partition has exactly one owner and surplus members are standbys.
 * @throws the error that the group failed with; ClusterError usage when it has stopped before
 */
export async function untilSettled(group: WaitedGroup, options: SettleOptions): Promise<void> {
  const { groupId, roster, tables } = group;
  const settled = (): boolean =>
    groupSettled(
      roster.all.map(({ state }) => state),
      options.isShared === true ? undefined : tables.buffers.length,
    );
  const what = (limit: string): string => `group ${groupId} is not stable ${limit}: ${roster.phases()}`;
  await waitUntil(whileRunning(group, settled, options), options, what);
}

export interface ReachOptions extends WaitOptions {
  /**
   * If true, `timeoutMs` limits the time without any record, so that a slow or throttled cluster
   * does not time out.
   */
  readonly whileStill?: boolean;
}

/**
 * Resolves when the tables have reached the offsets, exclusive; index is the partition.
 * @throws the error that the group failed with; ClusterError usage when it has stopped before
 */
export async function untilReached(
  group: WaitedGroup,
  endOffsets: readonly number[],
  options: ReachOptions,
): Promise<void> {
  const { groupId, roster, tables } = group;
  /** Of all partitions, also those that were added to the topic and have no table yet. */
  const behind = (): { partition: number; next: number; missing: number }[] => {
    const nextOffsets = tables.nextOffsets();
    return endOffsets.flatMap((endOffset, partition) => {
      const next = nextOffsets[partition] ?? 0;
      return next < endOffset ? [{ partition, next, missing: endOffset - next }] : [];
    });
  };
  const missing = (): number => behind().reduce((sum, each) => sum + each.missing, 0);
  const reached = (): boolean => missing() === 0;
  const what = (limit: string): string => {
    const places = behind().map(({ partition, next }) => `partition ${partition} at ${next}`);
    const listed = `${places.slice(0, listMax).join(', ')}${places.length > listMax ? ' …' : ''}`;
    return `group ${groupId} has not reached its end offsets ${limit}, ${counted(missing(), 'offset')} remaining (${listed}): ${roster.phases()}`;
  };
  const progress = options.whileStill === true ? { progress: missing } : {};
  await waitUntil(whileRunning(group, reached, options), { ...options, ...progress }, what);
}

/**
 * The condition, which throws when the group has failed, and, while it does not hold, when the group
 * has stopped. The caller's own signal takes precedence over the latter.
 */
function whileRunning(
  { failure, roster }: WaitedGroup,
  condition: () => boolean,
  { signal }: WaitOptions,
): () => boolean {
  return () => {
    failure.throwIfFailed();
    if (condition()) return true;
    signal?.throwIfAborted();
    roster.requireOpen();
    return false;
  };
}
