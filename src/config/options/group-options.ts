import { groupDefaults } from '../group.ts';
import { assignmentStrategies, groupProtocols } from '../group-protocols.ts';
import { tokenizers } from '../tokenizers.ts';
import { defineOption, defineSwitch, type FlagsOf } from './option.ts';
import { noEffect, type Rule } from './rules.ts';
import { instanceIdPrefix } from './instance-id-prefix.ts';
import { anyDuration, countFrom, oneOf } from './values.ts';

export const tokenizerOption = defineOption({
  flag: '--tokenizer <name>',
  help: 'what a word is',
  value: oneOf(tokenizers),
  default: groupDefaults.tokenizer,
});

/** @param defaultText - which brokers have which default, in words */
export function sessionTimeoutOption(defaultText: string) {
  return defineOption({
    flag: '--session-timeout <duration>',
    help: 'classic protocol: the coordinator removes a member after this time without a heartbeat',
    value: anyDuration,
    defaultText,
  });
}

/** Options of every command that runs a consumer group. */
export const groupOptions = {
  groupProtocol: defineOption({
    flag: '--group-protocol <protocol>',
    help: 'group protocol',
    value: oneOf(groupProtocols),
    default: groupDefaults.groupProtocol,
  }),
  assignmentStrategy: defineOption({
    flag: '--assignment-strategy <name>',
    help: 'classic protocol: the assignor',
    value: oneOf(assignmentStrategies),
    default: groupDefaults.assignmentStrategy,
  }),
  sessionTimeout: sessionTimeoutOption("3s on managed brokers, Kafka's 45s with --bootstrap-server"),
  tokenizer: tokenizerOption,
  memoryMib: defineOption({
    flag: '--memory-mib <mebibytes>',
    help: 'limit for fetched records that are not counted yet, all members of a group together',
    unit: 'MiB',
    value: countFrom(8, 65_536),
    default: groupDefaults.memoryMib,
    defaultText: '128, or 1/16 of the memory if that is less',
  }),
};
export type GroupFlags = FlagsOf<typeof groupOptions>;

export const groupRules: readonly Rule<GroupFlags>[] = [
  noEffect(
    ['assignmentStrategy', 'sessionTimeout'],
    'with --group-protocol consumer, where the brokers decide it',
    ({ groupProtocol }) => groupProtocols[groupProtocol].brokersDecide,
  ),
];

export const commitIntervalOption = defineOption({
  flag: '--commit-interval <duration>',
  help: '--durable: time between two transactions of a member',
  value: anyDuration,
  default: groupDefaults.commitIntervalMs,
});

export const staticMembershipOption = defineSwitch({
  flag: '--static-membership',
  help: "members have a group.instance.id (the group's id and a number); a replacement uses its predecessor's group.instance.id",
});

export const groupInstanceIdOption = defineOption({
  flag: '--group-instance-id <prefix>',
  help: '--static-membership: the members are PREFIX-0, PREFIX-1, …; with --durable each process needs its own prefix, and keeps it when it is restarted',
  value: instanceIdPrefix,
  defaultText: "the group's id; required with --durable",
});

const truncationPolicies = {
  stop: 'ends with an error',
  continue: 'reports them and counts the rest',
} as const;

export const truncationOption = defineOption({
  flag: '--on-truncation <policy>',
  help: 'what happens when records are deleted before they are counted',
  value: oneOf(truncationPolicies),
  default: 'stop',
});
