import type { BenchConfig } from '../config/bench.ts';
import { consumerProperties } from '../config/consumer-properties.ts';
import type { Connection } from '../config/connection.ts';
import { groupDefaults, groupTimeouts, type GroupConfig } from '../config/group.ts';
import type { BenchSettings } from '../results/report-parts.ts';

/**
 * Group settings that all runs share.
 * @param config - benchmark configuration
 * @param source - origin of the brokers, which determines the default timeouts
 */
export function groupOf(config: BenchConfig, source: Connection['source']): Omit<GroupConfig, 'groupId' | 'workUs'> {
  return {
    ...groupDefaults,
    groupProtocol: config.groupProtocol,
    assignmentStrategy: config.assignmentStrategy,
    ...groupTimeouts(source, config.sessionTimeout),
    tokenizer: config.tokenizer,
    memoryMib: config.memoryMib,
    ...(config.durable ? { commitIntervalMs: config.commitInterval } : {}),
  };
}

/** The settings as the report contains them. */
export function settingsOf(config: BenchConfig, source: Connection['source']): BenchSettings {
  const group = groupOf(config, source);
  return {
    members: [...config.members],
    repetitions: config.repetitions,
    warmUps: config.warmUp,
    orderSeed: config.seed,
    groupProtocol: group.groupProtocol,
    assignmentStrategy: group.assignmentStrategy,
    sessionTimeoutMs: group.sessionTimeoutMs,
    tokenizer: group.tokenizer,
    batchRecordsMax: group.batchRecordsMax,
    memoryMib: group.memoryMib,
    commitIntervalMs: group.commitIntervalMs,
  };
}

/**
 * The client properties of a member that has the whole memory budget, without user-supplied ones.
 */
export function lanePropertiesOf(
  config: BenchConfig,
  source: Connection['source'],
  workUs: number,
): Record<string, string | number | boolean> {
  const group = groupOf(config, source);
  return { ...consumerProperties({ ...group, groupId: '', workUs }, { queuedKbytesMax: group.memoryMib * 1_024 }) };
}
