import type { MemberId } from '../protocol/ids.ts';
import type { MemberTask } from '../protocol/member-task.ts';
import type { SupervisorOptions } from './supervisor-options.ts';

/** What a new member is given, apart from its meter. */
export function newMemberTask(
  options: SupervisorOptions,
  own: Pick<MemberTask, 'gate' | 'tables' | 'groupInstanceId'> & { readonly memberId: MemberId; readonly run: string },
): Omit<MemberTask, 'meter'> {
  const { topic, connection, group, beginOffsets, endOffsets, membersMax, latencyPoints: points, history } = options;
  const { memberId, run, gate, tables, groupInstanceId } = own;
  return {
    memberId,
    clientId: `${group.groupId}-${memberId}-${run}`,
    groupInstanceId,
    topic,
    connection,
    group,
    queuedKbytesMax: Math.max(1_024, Math.floor((group.memoryMib * 1_024) / membersMax)),
    gate,
    tables,
    endOffsets,
    history: history?.addMember(memberId),
    latency: points === undefined ? undefined : { points, beginOffsets },
  };
}
