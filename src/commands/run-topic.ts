import { randomUUID } from 'node:crypto';
import type { ResolvedBrokers } from '../brokers/resolve.ts';
import { prepareDurableGroup, requireDurableBrokers } from '../cluster/topic-group.ts';
import { ClusterError } from '../errors.ts';
import { createTopic } from '../kafka/kafkajs/create-topic.ts';
import { readTopicRange, type TopicRange } from '../kafka/kafkajs/topic-range.ts';
import type { LiveGroup } from '../live-run/live-groups-options.ts';
import type { RunFlags } from './run-options.ts';
import { topicConfig } from './run-retention.ts';

/** The topic of a run. */
export type RunTopic = Pick<TopicRange, 'topic' | 'topicId' | 'beginOffsets'>;

/** The topic that `run` produces to: with --durable one that later runs find again. */
export function runTopicName({ topic, durable, group = '' }: RunFlags): string {
  return topic ?? (durable ? `${group}-records` : `run-${randomUUID().slice(0, 8)}`);
}

/**
 * Creates the topic of a run. With --durable it may exist, and each group has a changelog.
 * @throws ClusterError topicUnavailable when it exists, or can't have these changelogs; usage
 */
export async function openRunTopic(
  flags: RunFlags,
  brokers: ResolvedBrokers,
  { topic, groups }: { readonly topic: string; readonly groups: readonly LiveGroup[] },
): Promise<RunTopic> {
  const { connection } = brokers;
  const { partitions, durable, timeout: timeoutMs } = flags;
  if (durable) requireDurableBrokers(connection);
  const config = topicConfig(flags, brokers);
  try {
    await createTopic({ connection, topic, partitions, replicationFactor: undefined, config, timeoutMs });
  } catch (error) {
    // An earlier run, or another process, has created it.
    if (!(durable && error instanceof ClusterError && error.code === 'topicUnavailable')) throw error;
  }
  if (!durable) return { topic, beginOffsets: Array.from({ length: partitions }, () => 0) };
  const range = await readTopicRange(connection, topic, timeoutMs);
  for (const { config: group } of groups) {
    await prepareDurableGroup(connection, group, { topic, partitions: range.endOffsets.length, timeoutMs });
  }
  return range;
}
