import { namesOf } from '../config/names-of.ts';
import {
  groupInstanceIdOption,
  groupOptions,
  staticMembershipOption,
  truncationOption,
} from '../config/options/group-options.ts';
import { defineOption, defineSwitch, type FlagsOf } from '../config/options/option.ts';
import { noEffect, type Rule } from '../config/options/rules.ts';
import { anyDuration, anyText, countFrom, oneOfList } from '../config/options/values.ts';
import { connectionOptions } from './options/connection-options.ts';
import { durableOptions, durableRules } from './options/durable-options.ts';
import { countsFormats, tableRows } from './print-counts.ts';

/** The options of `counts`. */
export const countsOptions = {
  topic: defineOption({
    flag: '-t, --topic <name>',
    help: 'topic to count',
    value: anyText,
    defaultText: 'with --from-changelog: that of the committed offsets of the group',
  }),
  members: defineOption({
    flag: '--members <count>',
    help: 'members of the group',
    value: countFrom(1, 64),
    default: 2,
  }),
  group: defineOption({
    flag: '--group <id>',
    help: 'group id; without --durable the group must not have other members',
    value: anyText,
    defaultText: 'a new id for each count',
  }),
  format: defineOption({
    flag: '--format <format>',
    help: 'format of the words',
    value: oneOfList(namesOf(countsFormats)),
    default: 'table',
  }),
  top: defineOption({
    flag: '--top <count>',
    help: 'print only the most frequent words',
    value: countFrom(1, 1e9),
    defaultText: `${tableRows} in a table, otherwise all`,
  }),
  output: defineOption({
    flag: '-o, --output <file>',
    help: 'file to write, replaced only when complete; - is stdout',
    value: anyText,
    default: '-',
  }),
  follow: defineSwitch({
    flag: '--follow',
    help: 'continue with new records until Ctrl-C, SIGTERM or --duration, then print the counts',
  }),
  duration: defineOption({
    flag: '--duration <duration>',
    help: '--follow: stop after this time',
    value: anyDuration,
    defaultText: 'until stopped',
  }),
  deadline: defineOption({
    flag: '--deadline <duration>',
    help: 'longest time for a count up to the current end',
    value: anyDuration,
    default: 3_600_000,
  }),
  ...durableOptions,
  fromChangelog: defineSwitch({
    flag: '--from-changelog',
    help: 'print the counts that all processes of a durable group have committed, without joining it (needs --group)',
  }),
  staticMembership: staticMembershipOption,
  groupInstanceId: groupInstanceIdOption,
  onTruncation: truncationOption,
  ...connectionOptions,
  ...groupOptions,
};
export type AllCountsFlags = FlagsOf<typeof countsOptions>;
/** The flags of a count; only --from-changelog does without a topic. */
export type CountsFlags = AllCountsFlags & { readonly topic: string };

/** Options of a group, which --from-changelog does not join. */
const ofGroup = [
  'members',
  'follow',
  'duration',
  'deadline',
  'durable',
  'commitInterval',
  'standbyReplicas',
  'staticMembership',
  'groupInstanceId',
  'onTruncation',
  ...namesOf(groupOptions),
] as const;

export const countsRules: readonly Rule<AllCountsFlags>[] = [
  ({ topic, fromChangelog }) =>
    topic === undefined && !fromChangelog
      ? [{ message: '--topic is missing', hint: 'pass --topic with the topic to count, or --from-changelog' }]
      : [],
  ({ group, fromChangelog }) =>
    fromChangelog && group === undefined
      ? [{ message: '--from-changelog needs --group', hint: 'pass --group with the id of the durable group' }]
      : [],
  noEffect(ofGroup, 'with --from-changelog, which joins no group', ({ fromChangelog }) => fromChangelog),
  ...durableRules,
  noEffect(['duration'], 'without --follow', ({ follow, fromChangelog }) => !follow && !fromChangelog),
  noEffect(['deadline'], 'with --follow, which ends when it is stopped or after --duration', ({ follow }) => follow),
];
