import { experimentConfig, feedTopicOptions, pacedOptions, planOptions } from '../../../config/bench.ts';
import { latencyRules } from '../../../config/bench-rules.ts';
import { groupOptions, groupRules } from '../../../config/options/group-options.ts';
import { workloadRules } from '../../../config/options/workload-options.ts';
import { defineExperimentCommand } from '../experiment-command.ts';

const { members, repetitions, warmUp } = planOptions;
const { rate, duration, findCapacity, p99Ms } = pacedOptions;

export const latencyCommand = defineExperimentCommand({
  description: 'Measures how long records take from their scheduled time to their count, by stage.',
  options: {
    members: { ...members, defaultText: '2' },
    repetitions: { ...repetitions, help: 'runs of each number of members', defaultText: '3' },
    warmUp,
    rate: { ...rate, help: 'records per second' },
    duration: { ...duration, help: 'length of each run' },
    findCapacity: { ...findCapacity, help: 'search for the highest rate that meets --p99-ms' },
    p99Ms,
    ...feedTopicOptions,
    ...groupOptions,
  },
  rules: [...groupRules, ...workloadRules, ...latencyRules],
  helpText: `Produces --rate records per second on a fixed schedule to a new topic, and deletes the topic at the
end. docs/latency.md defines the stages.

Examples:
  consumer-cluster latency --rate 20000 --duration 30s
  consumer-cluster latency --members 4 --find-capacity --p99-ms 50`,
  prepare: (flags) => {
    const config = experimentConfig(flags, { members: flags.members ?? [2], repetitions: flags.repetitions ?? 3 });
    return Promise.resolve({ config, input: undefined, protocols: [config.groupProtocol] });
  },
});
