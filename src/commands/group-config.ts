import { groupDefaults, type GroupConfig } from '../config/group.ts';
import type { GroupOptions } from './shared-options.ts';

/** The options of a group, as its members take them. */
export function groupConfig(
  options: GroupOptions,
  own: Pick<GroupConfig, 'groupId'> & Partial<GroupConfig>,
): GroupConfig {
  return {
    ...groupDefaults,
    groupProtocol: options.groupProtocol,
    assignmentStrategy: options.assignmentStrategy,
    sessionTimeoutMs: options.sessionTimeout,
    staticMembership: options.staticMembership ?? groupDefaults.staticMembership,
    tokenizer: options.tokenizer,
    memoryMib: options.memoryMib,
    ...own,
  };
}
