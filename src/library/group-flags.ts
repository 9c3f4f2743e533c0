import { assignmentStrategies, groupProtocols } from '../config/group-protocols.ts';
import { groupDefaults } from '../config/group.ts';
import type { GroupFlags } from '../config/options/group-options.ts';
import { namesOf } from '../config/names-of.ts';
import { tokenizers } from '../config/tokenizers.ts';
import type { GroupSettings } from './group.ts';
import { requireCount, requireOneOf } from './require-valid.ts';

const sessionMs = { min: 100, max: 86_400_000 } as const;
const memory = { min: 8, max: 65_536 } as const;

/**
 * The settings as the commands have them, with their defaults.
 * @throws ClusterError usage for a value that only a caller without types can pass
 */
export function groupFlags(settings: GroupSettings): GroupFlags {
  const {
    groupProtocol = groupDefaults.groupProtocol,
    assignmentStrategy = groupDefaults.assignmentStrategy,
    tokenizer = groupDefaults.tokenizer,
    memoryMib = groupDefaults.memoryMib,
    sessionTimeoutMs,
  } = settings;
  requireOneOf('groupProtocol', groupProtocol, namesOf(groupProtocols));
  requireOneOf('assignmentStrategy', assignmentStrategy, namesOf(assignmentStrategies));
  requireOneOf('tokenizer', tokenizer, namesOf(tokenizers));
  requireCount('memoryMib', memoryMib, memory);
  const flags = { groupProtocol, assignmentStrategy, tokenizer, memoryMib };
  if (sessionTimeoutMs === undefined) return flags;
  requireCount('sessionTimeoutMs', sessionTimeoutMs, sessionMs);
  return { ...flags, sessionTimeout: sessionTimeoutMs };
}
