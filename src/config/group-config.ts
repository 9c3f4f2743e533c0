import type { Connection } from './connection.ts';
import { groupDefaults, groupTimeouts, type GroupConfig } from './group.ts';
import type { GroupFlags } from './options/group-options.ts';

/**
 * The configuration of a group.
 * @param source - the source of the brokers, which decides the default timeouts
 */
export function groupConfig(
  flags: GroupFlags & { readonly staticMembership: boolean; readonly groupInstanceId?: string },
  source: Connection['source'],
  own: Pick<GroupConfig, 'groupId'> & Partial<GroupConfig>,
): GroupConfig {
  return {
    ...groupDefaults,
    ...groupTimeouts(source, flags.sessionTimeout),
    groupProtocol: flags.groupProtocol,
    assignmentStrategy: flags.assignmentStrategy,
    staticMembership: flags.staticMembership,
    ...(flags.groupInstanceId === undefined ? {} : { groupInstanceId: flags.groupInstanceId }),
    tokenizer: flags.tokenizer,
    memoryMib: flags.memoryMib,
    ...own,
  };
}
