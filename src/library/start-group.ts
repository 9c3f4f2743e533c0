import { restartByDefault, neverRestart } from '../cluster/restart-policy.ts';
import { openTopicGroup } from '../cluster/topic-group.ts';
import { groupConfig } from '../config/group-config.ts';
import { settleTimeoutMs } from '../config/takeover-bounds.ts';
import { EventNames } from './group-events.ts';
import { groupFlags } from './group-flags.ts';
import type { Group, GroupOptions } from './group.ts';
import { requireCount } from './require-valid.ts';
import { RunningGroup } from './running-group.ts';
import { timeoutMsByDefault, useBrokers } from './used-brokers.ts';

const membersMax = 64;
const workUsMax = 1_000_000;

/**
 * Starts a consumer group whose members count the words of a topic: each in its own thread, watched
 * and replaced when it crashes. It begins at the first record that the topic has.
 * @returns the group when every partition has an owner and the members fetch
 * @throws {@link ClusterError} `topicUnavailable` when the topic does not exist, `groupRefused` when
 *   the group has members or the brokers refuse it, `brokerUnavailable` or `accessDenied`, `timeout`
 *   when it does not settle; `usage` for invalid options; the signal's reason when it is aborted.
 *   Nothing is left behind.
 * @example
 * ```ts
 * await using group = await startGroup({ brokers, topic: 'books', members: 2 });
 * group.on('memberCrashed', ({ memberId }) => crashed.push(memberId));
 * await group.untilCounted();
 * const { words } = await group.counts();
 * ```
 */
export async function startGroup(options: GroupOptions): Promise<Group> {
  const { members = 2, membersMax: most = Math.max(1, members), workUs = 0, signal } = options;
  requireCount('members', members, { min: 0, max: membersMax });
  requireCount('membersMax', most, { min: Math.max(1, members), max: membersMax });
  requireCount('workUs', workUs, { min: 0, max: workUsMax });
  const flags = { ...groupFlags(options), staticMembership: options.staticMembership ?? false };
  signal?.throwIfAborted();
  const brokers = await useBrokers(options);
  const { connection } = brokers;
  const { timeoutMs = timeoutMsByDefault } = options;
  const names = new EventNames();
  const opened = await openTopicGroup({
    ...{ connection, topic: options.topic, groupId: options.groupId, prefix: 'group', timeoutMs },
    ...{ toEnd: false, discard: true, ...(signal === undefined ? {} : { signal }) },
    group: (groupId) => groupConfig(flags, connection.source, { groupId, workUs }),
    membersMax: most,
    restart: options.replaceCrashed === false ? neverRestart : restartByDefault,
    onTruncation: options.onTruncation ?? 'stop',
    onEvent: (event) => {
      const named = names.named(event);
      if (named !== undefined) group.report(named);
    },
  });
  const settleMs = settleTimeoutMs(groupConfig(flags, connection.source, { groupId: '' }));
  const group = new RunningGroup(opened, brokers, { timeoutMs, settleMs });
  try {
    for (let member = 0; member < members; member += 1) group.addMember();
    if (members > 0) await group.untilSettled(signal === undefined ? {} : { signal });
    opened.supervisor.openGate();
    return group;
  } catch (error) {
    await group.stop('kill');
    throw error;
  }
}
