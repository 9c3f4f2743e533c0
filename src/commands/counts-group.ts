import type { ResolvedBrokers } from '../brokers/resolve.ts';
import { restartByDefault } from '../cluster/restart-policy.ts';
import type { SupervisorOptions } from '../cluster/supervisor-options.ts';
import { openTopicGroup, type TopicGroup } from '../cluster/topic-group.ts';
import { groupConfig } from '../config/group-config.ts';
import type { CountsFlags } from './counts-options.ts';
import { durableConfig } from './options/durable-options.ts';

/**
 * Opens the group of `counts`, without members.
 * @param how.toEnd - whether it counts the records that the topic has now, and no later ones
 * @param how.signal - ends the wait for the brokers
 */
export function openCountsGroup(
  flags: CountsFlags,
  { connection, managed }: ResolvedBrokers,
  how: { readonly toEnd: boolean; readonly signal: AbortSignal } & Required<Pick<SupervisorOptions, 'onEvent'>>,
): Promise<TopicGroup> {
  return openTopicGroup({
    ...{ connection, topic: flags.topic, groupId: flags.group, prefix: 'counts', ...how },
    group: (groupId) => groupConfig(flags, connection.source, { groupId, ...durableConfig(flags, groupId) }),
    // Brokers that this command has started are deleted as a whole.
    discard: managed === undefined,
    timeoutMs: flags.timeout,
    membersMax: flags.members,
    onTruncation: flags.onTruncation,
    restart: restartByDefault,
  });
}
