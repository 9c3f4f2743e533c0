import { experimentConfig, newTopicOptions, planOptions } from '../../../config/bench.ts';
import { groupDefaults } from '../../../config/group.ts';
import { assignmentStrategies, groupProtocols } from '../../../config/group-protocols.ts';
import { groupOptions } from '../../../config/options/group-options.ts';
import { defineOption } from '../../../config/options/option.ts';
import { noEffect } from '../../../config/options/rules.ts';
import { countFrom, someOf } from '../../../config/options/values.ts';
import { workloadRules } from '../../../config/options/workload-options.ts';
import { defineExperimentCommand } from '../experiment-command.ts';
import { readSweptProperty, variantsOf } from './sweep-variants.ts';

const { members, repetitions, warmUp, workUs } = planOptions;
const { sessionTimeout, tokenizer, memoryMib } = groupOptions;

export const sweepCommand = defineExperimentCommand({
  description: 'Measures a group for each value of a client property, or of another setting, and compares them.',
  arguments: { '[property=values]': 'client property of the members, with its values: fetch.min.bytes=1,65536' },
  options: {
    members: { ...members, defaultText: '2' },
    groupProtocol: defineOption({
      flag: '--group-protocol <list>',
      help: 'group protocols',
      value: someOf(groupProtocols),
      default: [groupDefaults.groupProtocol],
    }),
    assignmentStrategy: defineOption({
      flag: '--assignment-strategy <list>',
      help: 'classic protocol: the assignors',
      value: someOf(assignmentStrategies),
      default: [groupDefaults.assignmentStrategy],
    }),
    repetitions: { ...repetitions, help: 'runs of each variant', defaultText: '3' },
    warmUp,
    workUs: defineOption({
      ...workUs,
      help: 'service time of each record',
      value: countFrom(0, 1_000_000),
      default: 0,
      defaultText: '0',
    }),
    ...newTopicOptions,
    ...{ sessionTimeout, tokenizer, memoryMib },
  },
  rules: [
    ...workloadRules,
    noEffect(
      ['assignmentStrategy', 'sessionTimeout'],
      'with --group-protocol consumer, where the brokers decide it',
      ({ groupProtocol }) => !groupProtocol.includes('classic'),
    ),
  ],
  helpText: `Every combination of the values is a variant. All variants drain the same topic; each repetition
measures every variant once, in random order (--seed). A run passes only if the count of every word
equals the reference, as in bench. The ratio compares with the first variant.

Examples:
  consumer-cluster sweep fetch.min.bytes=1,65536,1048576 --members 2
  consumer-cluster sweep --members 1,2,4 --group-protocol classic,consumer
  consumer-cluster sweep --assignment-strategy range,cooperative-sticky --repetitions 5 --html sweep.html`,
  prepare: async (flags, [property]) => {
    const { groupProtocol, assignmentStrategy, ...others } = flags;
    const counts = flags.members ?? [2];
    const properties = await readSweptProperty(property);
    const variants = variantsOf({ properties, members: counts, groupProtocol, assignmentStrategy });
    const [first] = variants;
    const config = experimentConfig(
      { ...others, groupProtocol: first?.groupProtocol ?? groupDefaults.groupProtocol },
      { members: counts, repetitions: flags.repetitions ?? 3 },
    );
    return { config, input: { variants }, protocols: groupProtocol };
  },
});
