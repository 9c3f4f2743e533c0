import type { ResolvedBrokers } from '../brokers/resolve.ts';
import { restartByDefault } from '../cluster/restart-policy.ts';
import { openTopicGroup, type TopicGroup } from '../cluster/topic-group.ts';
import { groupConfig } from '../config/group-config.ts';
import { withHint } from '../errors.ts';
import { renderLostRecords } from '../report/lost-text.ts';
import type { CommandContext } from './context.ts';
import type { CountsFlags } from './counts-options.ts';
import { durableConfig } from './options/durable-options.ts';

/** Opens the group of `counts`, without members. Its notices and warnings go to stderr. */
export function openCountsGroup(
  flags: CountsFlags,
  { connection, managed }: ResolvedBrokers,
  context: CommandContext,
): Promise<TopicGroup> {
  return openTopicGroup({
    ...{ connection, topic: flags.topic, groupId: flags.group, prefix: 'counts', toEnd: true },
    group: (groupId) => groupConfig(flags, connection.source, { groupId, ...durableConfig(flags, groupId) }),
    // Brokers that this command has started are deleted as a whole.
    discard: managed === undefined,
    timeoutMs: flags.timeout,
    membersMax: flags.members,
    onTruncation: flags.onTruncation,
    restart: restartByDefault,
    onEvent: (event) => {
      if (event.type === 'notice') context.notice(`member ${event.memberId}: ${event.error.message}`);
      if (event.type === 'topicTrouble') context.warn(withHint(event.error));
      if (event.type === 'recordsLost') context.warn(renderLostRecords(event));
    },
  });
}
