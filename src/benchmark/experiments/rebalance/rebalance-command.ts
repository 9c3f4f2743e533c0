import { experimentConfig, feedTopicOptions, pacedOptions, planOptions } from '../../../config/bench.ts';
import { groupOptions } from '../../../config/options/group-options.ts';
import { workloadRules } from '../../../config/options/workload-options.ts';
import { defineExperimentCommand } from '../experiment-command.ts';

const { sessionTimeout, tokenizer, memoryMib } = groupOptions;

export const rebalanceCommand = defineExperimentCommand({
  description: 'Measures the cost of membership changes under every protocol and a steady feed.',
  options: {
    repetitions: { ...planOptions.repetitions, help: 'runs of each protocol', defaultText: '3' },
    rate: { ...pacedOptions.rate, help: 'records per second' },
    ...feedTopicOptions,
    ...{ sessionTimeout, tokenizer, memoryMib },
  },
  rules: workloadRules,
  helpText: `Members join, leave and crash, and groups grow from 1 to 5 members and shrink, under every protocol
and a steady --rate. It measures how long partitions are blocked, and why (docs/rebalance.md).

Examples:
  consumer-cluster rebalance --rate 2000 --svg owners.svg
  consumer-cluster rebalance --repetitions 1 --html rebalance.html`,
  prepare: (flags) => {
    const config = experimentConfig(flags, { members: [2], repetitions: flags.repetitions ?? 3 });
    return Promise.resolve({ config, input: undefined, protocols: [] });
  },
});
