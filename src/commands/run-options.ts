import {
  groupInstanceIdOption,
  groupOptions,
  staticMembershipOption,
  truncationOption,
} from '../config/options/group-options.ts';
import { defineOption, defineSwitch, type FlagsOf } from '../config/options/option.ts';
import { noEffect, type Rule } from '../config/options/rules.ts';
import { anyDuration, anyText, countFrom } from '../config/options/values.ts';
import { connectionOptions } from './options/connection-options.ts';
import { durableOptions, durableRules } from './options/durable-options.ts';

/** The options of `run`. */
export const runOptions = {
  topic: defineOption({
    flag: '-t, --topic <name>',
    help: 'name of the topic to create; it must not exist, except with --durable',
    value: anyText,
    defaultText: 'a new name, deleted afterwards; with --durable: GROUP-records, kept',
  }),
  partitions: defineOption({
    flag: '--partitions <count>',
    help: 'partitions of the topic',
    value: countFrom(1, 1_000),
    default: 4,
  }),
  membersA: defineOption({
    flag: '--members-a <count>',
    help: 'members of group A, which counts at full speed',
    value: countFrom(1, 64),
    default: 2,
  }),
  membersB: defineOption({
    flag: '--members-b <count>',
    help: 'members of group B, which spends --work-us on each record',
    value: countFrom(1, 64),
    default: 4,
  }),
  standby: defineOption({
    flag: '--standby <count>',
    help: 'additional members of group B',
    value: countFrom(0, 64),
    default: 1,
  }),
  workUs: defineOption({
    flag: '--work-us <microseconds>',
    help: 'service time of each record in group B',
    unit: 'µs',
    value: countFrom(0, 10_000_000),
    default: 200,
  }),
  rate: defineOption({
    flag: '--rate <records>',
    help: 'records per second of the producer',
    unit: 'records/s',
    value: countFrom(1, 1e9),
    default: 5_000,
  }),
  duration: defineOption({
    flag: '--duration <duration>',
    help: 'stop after this time',
    value: anyDuration,
    defaultText: 'until stopped',
  }),
  retainMib: defineOption({
    flag: '--retain-mib <mebibytes>',
    help: 'size of the topic beyond which records that both groups have counted are deleted; without --topic only',
    unit: 'MiB',
    value: countFrom(1, 1_000_000),
    default: 256,
  }),
  top: defineOption({
    flag: '--top <count>',
    help: 'most frequent words to show',
    value: countFrom(0, 50),
    default: 5,
  }),
  eventLog: defineOption({
    flag: '--event-log <file>',
    help: 'file for the recorded history, one JSON line per event',
    value: anyText,
    renamedFrom: '--history <file>',
  }),
  noHistory: defineSwitch({
    flag: '--no-history',
    help: 'record no history; verify the counts only',
  }),
  group: defineOption({
    flag: '--group <id>',
    help: '--durable: groups A and B are ID-a and ID-b, which counts and other runs may join',
    value: anyText,
  }),
  ...durableOptions,
  changelogTopic: defineOption({
    flag: '--changelog-topic <name>',
    help: '--durable: compacted topics with the counts, NAME-a and NAME-b',
    value: anyText,
    defaultText: 'GROUP-a-counts-changelog and GROUP-b-counts-changelog',
  }),
  staticMembership: staticMembershipOption,
  groupInstanceId: groupInstanceIdOption,
  onTruncation: truncationOption,
  ...connectionOptions,
  ...groupOptions,
};
export type RunFlags = FlagsOf<typeof runOptions>;

export const runRules: readonly Rule<RunFlags>[] = [
  noEffect(['eventLog'], 'with --no-history', ({ noHistory, durable }) => noHistory && !durable),
  noEffect(['group'], 'without --durable', ({ durable }) => !durable),
  noEffect(['eventLog', 'noHistory'], 'with --durable, which records no history', ({ durable }) => durable),
  ...durableRules,
];
