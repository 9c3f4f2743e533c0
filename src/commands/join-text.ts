import type { GroupSnapshot } from '../cluster/snapshot.ts';
import type { GroupDescription } from '../kafka/kafkajs/group-description.ts';

/** True when a live member has not joined the group yet. */
export function isJoining({ members }: GroupSnapshot): boolean {
  return members.some(({ phase }) => phase === 'starting' || phase === 'joining');
}

/**
 * The line that reports what a group waits for while its members join.
 * @param view - the coordinator's description; undefined if it does not know the group, an error
 *   message if it does not respond
 */
export function renderJoin(
  { groupId, members }: GroupSnapshot,
  view: GroupDescription | string | undefined,
  elapsedMs: number,
): string {
  const live = members.filter(({ phase }) => phase !== 'left' && phase !== 'crashed');
  const joined = live.filter(({ phase }) => phase === 'assigned' || phase === 'standby');
  const count = `${joined.length} of ${live.length} members have joined group ${groupId}`;
  return `${count} after ${Math.round(elapsedMs / 1_000)} s; ${reasonOf(view)}`;
}

function reasonOf(view: GroupDescription | string | undefined): string {
  if (typeof view === 'string') return `its coordinator does not answer: ${view}`;
  if (view === undefined || view.members.length === 0) return 'its coordinator knows no member yet';
  const { state } = view;
  const members = view.members.length === 1 ? '1 member' : `${view.members.length} members`;
  return `its coordinator knows ${members}: ${states.get(state) ?? state}`;
}

const states: ReadonlyMap<string, string> = new Map([
  ['PreparingRebalance', 'waiting for members to join (PreparingRebalance)'],
  ['CompletingRebalance', "waiting for the leader's assignment (CompletingRebalance)"],
  ['Assigning', 'the broker assigns partitions (Assigning)'],
  ['Reconciling', 'waiting for members to release partitions (Reconciling)'],
  ['Stable', 'every member has its assignment (Stable)'],
]);
