import { randomUUID } from 'node:crypto';
import type { Connection } from '../config/connection.ts';
import { mockIsNotDurable, type GroupConfig } from '../config/group.ts';
import { ClusterError } from '../errors.ts';
import { ensureChangelogTopic } from '../kafka/kafkajs/changelog-topic.ts';
import { discardGroups } from '../kafka/kafkajs/discard-groups.ts';
import { requireFreeGroup } from '../kafka/kafkajs/free-group.ts';
import { readTopicRange, type TopicRange } from '../kafka/kafkajs/topic-range.ts';
import { untilAborted } from '../time/until-aborted.ts';
import { releaseInstanceIds } from './release-instance-ids.ts';
import type { SupervisorOptions } from './supervisor-options.ts';
import { Supervisor } from './supervisor.ts';

/** What the topic and the caller's connection decide. */
type Decided = 'connection' | 'topic' | 'topicId' | 'beginOffsets' | 'endOffsets' | 'group';

export interface TopicGroupOptions extends Omit<SupervisorOptions, Decided> {
  readonly connection: Connection;
  readonly topic: string;
  /** Id of a group without members. Without it, an id is made that begins with `prefix`. */
  readonly groupId: string | undefined;
  readonly prefix: string;
  readonly group: (groupId: string) => GroupConfig;
  /** True to count the records that the topic has when the group is opened, and no later ones. */
  readonly toEnd: boolean;
  /** True to delete a group whose id was made here; the caller knows whether the brokers stay. */
  readonly discard: boolean;
  /** Longest time until the brokers respond. */
  readonly timeoutMs: number;
  /** Ends the wait for the brokers. It does not stop an opened group. */
  readonly signal?: AbortSignal;
}

/** A group without members on the records that a topic has now, and its clean-up. */
export interface TopicGroup {
  readonly supervisor: Supervisor;
  /** The topic's offsets when the group was opened: it begins at the first. */
  readonly range: TopicRange;
  /**
   * Ends all members, and deletes the group if it is to be discarded.
   * @returns a line that says why the group could not be deleted; undefined otherwise
   */
  close(how: 'drain' | 'kill'): Promise<string | undefined>;
}

/**
 * @throws ClusterError topicUnavailable when the topic does not exist, groupRefused when the group
 *   has members, brokerUnavailable; the signal's reason
 */
export async function openTopicGroup(options: TopicGroupOptions): Promise<TopicGroup> {
  const { connection, topic, prefix, group, toEnd, discard, timeoutMs, signal, ...others } = options;
  const range = await readTopicRange(connection, topic, timeoutMs, signal);
  const groupId = options.groupId ?? `${prefix}-${randomUUID().slice(0, 8)}`;
  const config = group(groupId);
  await prepareGroup(options, config, range);
  signal?.throwIfAborted();
  const { beginOffsets, endOffsets, topicId } = range;
  const supervisor = new Supervisor({
    ...others,
    ...{ connection, topic, beginOffsets },
    ...(toEnd ? { endOffsets } : {}),
    ...(topicId === undefined ? {} : { topicId }),
    group: config,
  });
  const made = options.groupId === undefined && discard ? [groupId] : [];
  return {
    supervisor,
    range,
    close: async (how) => {
      await supervisor.stop(how);
      return discardGroups(connection, made, timeoutMs);
    },
  };
}

/** A durable group may have members in other processes; any other group must be free. */
async function prepareGroup(
  { connection, topic, groupId, timeoutMs, signal }: TopicGroupOptions,
  group: GroupConfig,
  { endOffsets }: TopicRange,
): Promise<void> {
  if (group.durable === undefined) {
    if (groupId !== undefined) await requireFreeGroup(connection, groupId, { timeoutMs, signal });
    return;
  }
  requireDurableBrokers(connection);
  const partitions = endOffsets.length;
  await untilAborted(prepareDurableGroup(connection, group, { topic, partitions, timeoutMs }), signal);
}

/**
 * Makes the changelog of a durable group, and the group.instance.ids of this process, ready for its
 * members. Other groups need nothing.
 * @throws ClusterError topicUnavailable, usage, brokerUnavailable
 */
export async function prepareDurableGroup(
  connection: Connection,
  group: GroupConfig,
  {
    topic: source,
    partitions,
    timeoutMs,
  }: { readonly topic: string; readonly partitions: number; readonly timeoutMs: number },
): Promise<void> {
  if (group.durable === undefined) return;
  const { changelogTopic: topic } = group.durable;
  await ensureChangelogTopic(connection, { topic, source, partitions, timeoutMs });
  await releaseInstanceIds(connection, group, timeoutMs);
}

/** @throws ClusterError usage */
export function requireDurableBrokers({ source }: Connection): void {
  if (source !== 'mock') return;
  const { message, hint } = mockIsNotDurable;
  throw new ClusterError('usage', message, { hint });
}
