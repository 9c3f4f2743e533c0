import type { Connection } from '../config/connection.ts';
import { groupDefaults, groupTimeouts, type GroupConfig } from '../config/group.ts';
import type { GroupOptions } from './shared-options.ts';

/** A group's configuration, from the command's options. @param source - of the brokers, which decides default timeouts */
export function groupConfig(
  options: GroupOptions,
  source: Connection['source'],
  own: Pick<GroupConfig, 'groupId'> & Partial<GroupConfig>,
): GroupConfig {
  return {
    ...groupDefaults,
    ...groupTimeouts(source, options.sessionTimeout),
    groupProtocol: options.groupProtocol,
    assignmentStrategy: options.assignmentStrategy,
    staticMembership: options.staticMembership ?? groupDefaults.staticMembership,
    tokenizer: options.tokenizer,
    memoryMib: options.memoryMib,
    ...own,
  };
}
