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
    countedTopic: tables.countedTopic,
    tables: tables.buffers,
    durableCells: tables.durableCells,
    endOffsets,
    history: history?.addMember(memberId),
    latency: points === undefined ? undefined : { points, beginOffsets },
  };
}
