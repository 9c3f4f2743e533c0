import type { Partition } from '../protocol/ids.ts';
import type { MemberMessage } from '../protocol/messages.ts';

/** The life of one member as the supervisor sees it. */
export type MemberState =
  /** The thread was started. */
  | { readonly phase: 'starting' }
  /** Has asked to join, or gave its partitions back and waits for the next assignment. */
  | { readonly phase: 'joining' }
  /**
   * In the group with these tables claimed; `waiting` partitions are assigned, but another member
   * still holds their tables.
   */
  | { readonly phase: 'assigned'; readonly partitions: readonly Partition[]; readonly waiting: readonly Partition[] }
  /** In the group without a partition; takes over when another member stops. */
  | { readonly phase: 'standby' }
  /** Was asked to leave and finishes what it has in hand. */
  | { readonly phase: 'draining'; readonly partitions: readonly Partition[] }
  /** Has left the group and its thread ended. */
  | { readonly phase: 'left' }
  /** Its thread ended without having left the group. */
  | { readonly phase: 'crashed' };

export type MemberPhase = MemberState['phase'];

export type MemberStateEvent = MemberMessage | { readonly type: 'drainAsked' } | { readonly type: 'exited' };

/** Pure: the supervisor keeps the state and does the effects, this decides. */
export function nextState(state: MemberState, event: MemberStateEvent): MemberState {
  switch (event.type) {
    case 'joining':
      return { phase: 'joining' };
    case 'assigned':
      if (state.phase === 'draining') return { phase: 'draining', partitions: event.partitions };
      if (event.partitions.length + event.waiting.length === 0) return { phase: 'standby' };
      return { phase: 'assigned', partitions: event.partitions, waiting: event.waiting };
    case 'revoked':
      return withoutPartitions(state, event.partitions);
    case 'writeRefused':
      return withoutPartitions(state, [event.partition]);
    case 'drainAsked':
      return ended(state) ? state : { phase: 'draining', partitions: partitionsOf(state) };
    case 'left':
      return { phase: 'left' };
    case 'exited':
      return ended(state) ? state : { phase: 'crashed' };
    case 'groupMemberId':
    case 'outOfRange':
    case 'restoreWanted':
    case 'notice':
    case 'failed':
      return state;
  }
}

/** Partitions whose tables the member holds. */
export function partitionsOf(state: MemberState): readonly Partition[] {
  return state.phase === 'assigned' || state.phase === 'draining' ? state.partitions : [];
}

/** True when the member's thread is over, or will be without having anything left to do. */
export function ended(state: MemberState): boolean {
  return state.phase === 'left' || state.phase === 'crashed';
}

function withoutPartitions(state: MemberState, gone: readonly Partition[]): MemberState {
  const keep = (partition: Partition): boolean => !gone.includes(partition);
  if (state.phase === 'draining') return { phase: 'draining', partitions: state.partitions.filter(keep) };
  if (state.phase !== 'assigned') return state;
  const partitions = state.partitions.filter(keep);
  const waiting = state.waiting.filter(keep);
  return partitions.length + waiting.length === 0 ? { phase: 'joining' } : { phase: 'assigned', partitions, waiting };
}
