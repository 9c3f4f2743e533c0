import { largest, smallest } from '../statistics/extremes.ts';
import { ended, partitionsOf, type MemberState } from './member-state.ts';

/**
 * Pure: whether the group is stable. Every partition has exactly one owner with its table claimed,
 * partition counts differ by at most one, and members beyond the number of partitions are standbys.
 * @param partitions - undefined when the group may have members in other processes, whose states are
 *   unknown: then each member of this process has its assignment and its tables
 */
export function groupSettled(states: readonly MemberState[], partitions: number | undefined): boolean {
  const live = states.filter((state) => !ended(state));
  if (live.some(({ phase }) => phase !== 'assigned' && phase !== 'standby')) return false;
  if (live.some((state) => state.phase === 'assigned' && state.waiting.length > 0)) return false;
  if (partitions === undefined) return live.length > 0;
  const shares = live.map((state) => partitionsOf(state).length);
  const owned = new Set(live.flatMap((state) => partitionsOf(state)));
  const total = shares.reduce((sum, share) => sum + share, 0);
  const even = largest(shares) - smallest(shares) <= 1;
  return live.length > 0 && total === partitions && owned.size === partitions && even;
}
