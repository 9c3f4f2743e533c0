import type { Command } from 'commander';
import { experimentIds, experiments, type ExperimentId } from '../benchmark/experiments/all-experiments.ts';
import type { Experiment } from '../benchmark/experiments/experiment.ts';
import type { ExperimentCommand } from '../benchmark/experiments/experiment-command.ts';
import type { GroupProtocol } from '../config/group-protocols.ts';
import type { FlagsOf, Options } from '../config/options/option.ts';
import type { Rule } from '../config/options/rules.ts';
import { chooseWorkload } from '../workload/choose-workload.ts';
import { appendHistoryOption, deliverResults, jsonReportOption, planResults } from './bench-results.ts';
import type { CommandContext } from './context.ts';
import { addCommand } from './options/add-command.ts';
import { connectionOptions, connectionRules, type ConnectionFlags } from './options/connection-options.ts';
import { ownFormatOptions, reportOutputOptions } from './report-outputs.ts';
import { withBrokers } from './with-brokers.ts';

/** Ascending by the Kafka version that the brokers need. */
const protocolNeeds = Object.keys({
  classic: true,
  consumer: true,
} satisfies Readonly<Record<GroupProtocol, true>>) as GroupProtocol[];

const resultOptions = { json: jsonReportOption, ...reportOutputOptions, appendHistory: appendHistoryOption };
type ResultFlags = FlagsOf<typeof resultOptions>;

/** Adds one command per experiment. */
export function registerExperiments(program: Command, context: CommandContext): void {
  for (const id of experimentIds) {
    const { command }: Experiment<unknown, unknown> = experiments[id];
    if (command !== undefined) register(program, { id, command }, context);
  }
}

function register(
  program: Command,
  { id, command }: { readonly id: ExperimentId; readonly command: ExperimentCommand<unknown> },
  context: CommandContext,
): void {
  const options: Options = {
    ...command.options,
    ...resultOptions,
    ...ownFormatOptions(id),
    ...connectionOptions,
  };
  addCommand(program, {
    name: id,
    description: command.description,
    ...(command.arguments === undefined ? {} : { arguments: command.arguments }),
    options,
    // The rules read the flags of the options that they are declared with.
    rules: [...connectionRules, ...command.rules] as Rule<FlagsOf<Options>>[],
    helpText: command.helpText,
    run: async (flags, args) => {
      const common = flags as unknown as ResultFlags & ConnectionFlags;
      const { config, input, protocols } = await command.prepare(flags as never, args);
      // Invalid input is reported before any broker is started or contacted.
      const workload = await chooseWorkload(config);
      const results = await planResults(common, [id], context);
      const groupProtocol = protocolNeeds.findLast((protocol) => protocols.includes(protocol)) ?? 'classic';
      await withBrokers(
        { ...common, groupProtocol, replicationFactor: config.replicationFactor },
        context,
        async (brokers) => {
          const { runBench } = await import('../benchmark/bench.ts');
          const outcome = await runBench({ config, workload, brokers, experiments: [{ id, input }] }, context);
          await deliverResults(outcome, results, context);
        },
      );
    },
  });
}
