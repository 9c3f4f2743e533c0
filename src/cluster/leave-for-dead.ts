import { toErrorReport } from '../errors.ts';
import type { GroupObserver } from '../kafka/group-observer.ts';
import type { MemberHandle } from './member-handle.ts';
import type { ClusterEvent } from './supervisor-options.ts';

/**
 * Leaves the group in the name of a member that crashed, so that nobody waits for its silence to be noticed. Only once its
 * thread is over: the client that it had can join no more.
 * @returns what came of it; undefined when the member had not joined
 */
export async function leaveForDead(
  observer: GroupObserver,
  { memberId, groupMemberId }: MemberHandle,
): Promise<ClusterEvent | undefined> {
  if (groupMemberId === undefined) return undefined;
  try {
    await observer.leaveFor(groupMemberId);
    return { type: 'leftFor', memberId };
  } catch (error) {
    // The group then misses the member by its silence.
    return { type: 'notice', memberId, error: toErrorReport(error) };
  }
}
