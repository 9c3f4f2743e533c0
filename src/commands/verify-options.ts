import { tokenizerOption } from '../config/options/group-options.ts';
import { defineOption, defineSwitch, type FlagsOf } from '../config/options/option.ts';
import { noEffect, type Rule } from '../config/options/rules.ts';
import { anyText, countFrom } from '../config/options/values.ts';
import { connectionOptions } from './options/connection-options.ts';

/** The options of `verify`. */
export const verifyOptions = {
  topic: defineOption({
    flag: '-t, --topic <name>',
    help: 'topic that was counted',
    value: anyText,
    defaultText: 'with --changelog: that of the committed offsets of the group',
  }),
  counts: defineOption({
    flag: '--counts <file>',
    help: 'its counts: TSV or JSON written by `counts`; - is standard input',
    value: anyText,
  }),
  changelog: defineSwitch({
    flag: '--changelog',
    help: 'verify the changelog and the committed offsets of a durable group instead of a file (needs --group)',
  }),
  group: defineOption({ flag: '--group <id>', help: '--changelog: the group', value: anyText }),
  changelogTopic: defineOption({
    flag: '--changelog-topic <name>',
    help: '--changelog: topic with the counts',
    value: anyText,
    defaultText: 'GROUP-counts-changelog',
  }),
  tokenizer: tokenizerOption,
  show: defineOption({
    flag: '--show <count>',
    help: 'differing words of each kind to print',
    value: countFrom(1, 1_000_000),
    default: 20,
  }),
  ...connectionOptions,
};
export type VerifyFlags = FlagsOf<typeof verifyOptions>;

export const verifyRules: readonly Rule<VerifyFlags>[] = [
  noEffect(['counts'], 'with --changelog', ({ changelog }) => changelog),
  noEffect(['group', 'changelogTopic'], 'without --changelog', ({ changelog }) => !changelog),
  ({ changelog, group }) =>
    changelog && group === undefined
      ? [{ message: '--changelog needs --group', hint: 'pass --group with the id of the durable group' }]
      : [],
  ({ changelog, topic }) =>
    !changelog && topic === undefined
      ? [{ message: '--topic is missing', hint: 'pass --topic with the topic that was counted, or --changelog' }]
      : [],
  ({ changelog, counts }) =>
    !changelog && counts === undefined
      ? [{ message: '--counts is missing', hint: 'pass --counts with a file that `counts` wrote, or --changelog' }]
      : [],
];
