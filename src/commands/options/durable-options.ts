import { durableDefaults, type DurableConfig, type GroupConfig } from '../../config/group.ts';
import { commitIntervalOption } from '../../config/options/group-options.ts';
import { defineOption, defineSwitch, type FlagsOf, type ValueKind } from '../../config/options/option.ts';
import { noEffect, type Rule } from '../../config/options/rules.ts';
import { anyText, countFrom } from '../../config/options/values.ts';
import { ClusterError } from '../../errors.ts';
import { changelogTopicOf } from '../../protocol/changelog-format.ts';

const copies = countFrom(0, 100);
const allOrCount: ValueKind<'all' | number> = {
  parse: (flag, text) => {
    if (text === 'all') return text;
    try {
      return copies.parse(flag, text);
    } catch (error) {
      const hint = 'pass all, or the number of processes that keep a copy of each partition';
      throw new ClusterError('usage', `${flag}: '${text}' is not all or a number from 0 to 100`, {
        hint,
        cause: error,
      });
    }
  },
  allowed: 'all, 0 to 100',
  show: String,
};

/** Options of commands whose groups can keep their counts in Kafka (docs/durable.md). */
export const durableOptions = {
  durable: defineSwitch({
    flag: '--durable',
    help: 'keep the counts in Kafka: they survive this process, and any number of processes may count together (needs --group)',
  }),
  commitInterval: commitIntervalOption,
  standbyReplicas: defineOption({
    flag: '--standby-replicas <count>',
    help: '--durable: processes that keep a copy of the counts of a partition that another one owns; without a copy, its next owner reads the whole changelog of the partition',
    value: allOrCount,
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
  return { commitIntervalMs, durable: { ...durableDefaults, changelogTopic, standby: flags.standbyReplicas } };
}
