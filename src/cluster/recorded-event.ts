import type { GroupEvent } from '../history/history-recorder.ts';
import type { ClusterEvent } from './supervisor-options.ts';

/**
 * The history's form of an event; undefined for events that members, tables and recovery record
 * themselves.
 */
export function recordedEvent(event: ClusterEvent): GroupEvent | undefined {
  switch (event.type) {
    case 'started':
    case 'stuck':
      return { type: event.type, member: event.memberId };
    case 'exited':
      return { type: 'exited', member: event.memberId, code: event.code, crashed: event.crashed };
    case 'notice':
    case 'failed': {
      const { code, message } = event.error;
      return { type: 'errorSeen', member: event.memberId, fatal: event.type === 'failed', code, message };
    }
    case 'assigned':
    case 'writeRefused':
    case 'joining':
    case 'left':
    case 'leftFor':
    case 'groupMemberId':
    case 'outOfRange':
    case 'partitionsAdded':
    case 'recordsLost':
    case 'recovered':
    case 'revoked':
    case 'leaseRevoked':
    case 'topicTrouble':
    case 'restoreWanted':
    case 'changelog':
      return undefined;
  }
}
