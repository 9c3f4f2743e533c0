import { namesOf } from '../config/names-of.ts';
import { groupOptions, staticMembershipOption, truncationOption } from '../config/options/group-options.ts';
import { defineOption, type FlagsOf } from '../config/options/option.ts';
import { anyDuration, anyText, countFrom, oneOfList } from '../config/options/values.ts';
import { connectionOptions } from './options/connection-options.ts';
import { durableOptions } from './options/durable-options.ts';
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
    help: 'group id; the group must not have other members',
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
  deadline: defineOption({
    flag: '--deadline <duration>',
    help: 'longest time for the whole count',
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
