import { namesOf } from '../config/names-of.ts';
import { groupOptions, staticMembershipOption, truncationOption } from '../config/options/group-options.ts';
import { defineOption, defineSwitch, type FlagsOf } from '../config/options/option.ts';
import { noEffect, type Rule } from '../config/options/rules.ts';
import { anyDuration, anyText, countFrom, oneOfList } from '../config/options/values.ts';
import { connectionOptions } from './options/connection-options.ts';
import { durableOptions, durableRules } from './options/durable-options.ts';
import { countsFormats, tableRows } from './print-counts.ts';

/** The options of `counts`. */
export const countsOptions = {
  topic: defineOption({ flag: '-t, --topic <name>', help: 'topic to count', value: anyText, isRequired: true }),
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
  staticMembership: staticMembershipOption,
  onTruncation: truncationOption,
  ...connectionOptions,
  ...groupOptions,
};
export type CountsFlags = FlagsOf<typeof countsOptions>;

export const countsRules: readonly Rule<CountsFlags>[] = [
  ...durableRules,
  noEffect(['duration'], 'without --follow', ({ follow }) => !follow),
  noEffect(['deadline'], 'with --follow, which ends when it is stopped or after --duration', ({ follow }) => follow),
];
