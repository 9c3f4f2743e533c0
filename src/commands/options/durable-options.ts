import { durableDefaults, type DurableConfig, type GroupConfig } from '../../config/group.ts';
import { commitIntervalOption } from '../../config/options/group-options.ts';
import { defineOption, defineSwitch, type FlagsOf } from '../../config/options/option.ts';
import { noEffect, type Rule } from '../../config/options/rules.ts';
import { anyText, oneOf } from '../../config/options/values.ts';
import { changelogTopicOf } from '../../protocol/changelog-format.ts';

const standbyReplicas = {
  all: 'every process keeps the counts of all partitions',
  0: 'a process restores a partition when it gets it',
} as const;

/** Options of commands whose groups can keep their counts in Kafka (docs/durable.md). */
export const durableOptions = {
  durable: defineSwitch({
    flag: '--durable',
    help: 'keep the counts in Kafka: they survive this process, and any number of processes may count together (needs --group)',
  }),
  commitInterval: commitIntervalOption,
  standbyReplicas: defineOption({
    flag: '--standby-replicas <count>',
    help: '--durable: copies of counts whose partitions other processes own',
    value: oneOf(standbyReplicas),
    default: 'all',
  }),
  changelogTopic: defineOption({
    flag: '--changelog-topic <name>',
    help: '--durable and --from-changelog: compacted topic with the counts',
    value: anyText,
    defaultText: 'GROUP-counts-changelog',
  }),
};
export type DurableFlags = FlagsOf<typeof durableOptions>;

type DurableGroupFlags = DurableFlags & {
  readonly group?: string;
  readonly staticMembership: boolean;
  readonly groupInstanceId?: string;
  /** Only `counts` has it. */
  readonly fromChangelog?: boolean;
};

export const durableRules: readonly Rule<DurableGroupFlags>[] = [
  noEffect(
    ['commitInterval', 'standbyReplicas', 'changelogTopic'],
    'without --durable',
    ({ durable, fromChangelog = false }) => !durable && !fromChangelog,
  ),
  ({ durable, group }) =>
    durable && group === undefined
      ? [{ message: '--durable needs --group, which names the counts', hint: 'pass --group with an id of your choice' }]
      : [],
  ({ durable, staticMembership, groupInstanceId }) =>
    durable && staticMembership && groupInstanceId === undefined
      ? [
          {
            message: '--static-membership with --durable needs --group-instance-id, which distinguishes the processes',
            hint: 'pass --group-instance-id with a name that this process keeps when it is restarted, and no other process has',
          },
        ]
      : [],
  noEffect(
    ['groupInstanceId'],
    'without --static-membership',
    ({ staticMembership, fromChangelog = false }) => !staticMembership && !fromChangelog,
  ),
];

/** What the flags add to a group's configuration; nothing without --durable. */
export function durableConfig(
  flags: DurableFlags,
  groupId: string,
): Pick<GroupConfig, 'commitIntervalMs'> & { readonly durable?: DurableConfig } {
  const { commitInterval: commitIntervalMs } = flags;
  if (!flags.durable) return { commitIntervalMs };
  const changelogTopic = flags.changelogTopic ?? changelogTopicOf(groupId);
  const standby = flags.standbyReplicas === 'all' ? 'all' : 'none';
  return { commitIntervalMs, durable: { ...durableDefaults, changelogTopic, standby } };
}
