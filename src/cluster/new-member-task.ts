import type { GroupConfig } from '../config/group.ts';
import type { MemberTask } from '../protocol/member-task.ts';
import type { SupervisorOptions } from './supervisor-options.ts';
import type { TableRegistry } from './table-registry.ts';

/** The task of a new member, without its meter. */
export function newMemberTask(
  options: SupervisorOptions,
  own: Pick<MemberTask, 'memberId' | 'gate' | 'groupInstanceId'> & {
    readonly run: string;
    readonly tables: Pick<TableRegistry, 'buffers' | 'durableCells' | 'countedTopic'>;
  },
): Omit<MemberTask, 'meter'> {
  const {
    topic,
    connection,
    group,
    beginOffsets,
    endOffsets,
    membersMax,
    latencyTimestamps: points,
    history,
  } = options;
  const { memberId, gate, tables, groupInstanceId } = own;
  return {
    memberId,
    clientId: clientIdOf(group, own),
    groupInstanceId,
    topic,
    connection,
    group,
    queuedKbytesMax: Math.max(1_024, Math.floor((group.memoryMib * 1_024) / membersMax)),
    gate,
    countedTopic: tables.countedTopic,
    tables: tables.buffers,
    durableCells: tables.durableCells,
    endOffsets,
    history: history?.addMember(memberId),
    latency: points === undefined ? undefined : { points, beginOffsets },
  };
}

/**
 * A static member of a durable group has the client id of its predecessor, also of one in an earlier
 * process: the classic coordinator keeps that client id, so the group's description would not show
 * that the owner of a new one is alive.
 */
function clientIdOf(
  { groupId, durable }: GroupConfig,
  { memberId, groupInstanceId, run }: Pick<MemberTask, 'memberId' | 'groupInstanceId'> & { readonly run: string },
): string {
  if (durable === undefined || groupInstanceId === undefined) return `${groupId}-${memberId}-${run}`;
  const dash = groupInstanceId.lastIndexOf('-');
  return `${groupId}-${groupInstanceId.slice(dash + 1)}-${groupInstanceId.slice(0, dash)}`;
}
