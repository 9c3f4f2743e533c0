import type { Command } from 'commander';
import { requireProtocol } from '../brokers/kafka-version.ts';
import { withChildProperties } from '../config/child-properties.ts';
import { protocolNames } from '../config/group-protocols.ts';
import { ClusterError } from '../errors.ts';
import { allFaultKinds, allFaults } from '../stress/faults/all-faults.ts';
import { type Output } from '../output/output.ts';
import { Outputs } from '../output/outputs.ts';
import type { StressReport } from '../results/stress-report.ts';
import { renderStress } from '../report/stress-text.ts';
import { processFaults } from '../stress/processes/process-faults.ts';
import { openResources, type RunResources } from '../stress/run-resources.ts';
import type { PlanWishes } from '../stress/stress-plans.ts';
import { stressTest } from '../stress/stress-test.ts';
import { selfTest } from '../stress/self-test.ts';
import { StressSummary } from '../stress/summary.ts';
import type { CommandContext } from './context.ts';
import { addCommand } from './options/add-command.ts';
import { repeatedProcesses, stressProcesses } from './stress-processes.ts';
import { faultHelp, printControl, printMutant, printRun } from './stress-lines.ts';
import {
  historyFolder,
  stressOptions,
  stressRules,
  triedMutants,
  wishesOf,
  type StressFlags,
} from './stress-options.ts';
import { openBrokers, withBrokers } from './with-brokers.ts';
import { counted } from '../numbers.ts';

/** Schedules of a self-test for each program. */
const selfTestSchedules = 8;

export function registerStress(program: Command, context: CommandContext): void {
  addCommand(program, {
    name: 'stress',
    description:
      'Injects seeded faults into a live group, and verifies its guarantees from its history and its counts.',
    options: stressOptions,
    rules: stressRules,
    helpText: `Faults:\n${faultHelp(allFaults)}\n\nFaults with --processes:\n${faultHelp(processFaults)}\n\n${examples}`,
    run: (flags) => (flags.selfTest ? tryChecks(flags, context) : stress(flags, context)),
  });
}

const examples = `Exit codes: 0 no violation, 3 a violation, 1 a run without a verdict, 130 interrupted without a violation.
A run has no verdict if it could not be made, or if none of its planned faults found a target.
Ctrl-C stops the faults and verifies the run so far; a second Ctrl-C exits at once.

Examples:
  consumer-cluster stress --seed 1 --runs 20 --duration 20s
  consumer-cluster stress --faults crash,churn,broker-kill --protocol consumer --duration 30s
  consumer-cluster stress --scenario zombie --runs 4
  consumer-cluster stress --replay stress-history/stress-7-consumer.ndjson
  consumer-cluster stress --processes 3 --seed 1 --runs 20 --duration 20s
  consumer-cluster stress --soak --duration 8h`;

async function stress(flags: StressFlags, context: CommandContext): Promise<void> {
  const destination = await planJson(flags, context);
  const alone = flags.runs === 1 && destination.json?.isStandardOutput !== true;
  const options = {
    signal: context.signal,
    killSignal: context.killSignal,
    historyFolder: flags.historyDir ?? historyFolder,
    keepAll: flags.historyDir !== undefined,
    failFast: flags.failFast,
    log: (line: string): void => {
      context.log(line);
    },
    open: async (): Promise<RunResources> =>
      openResources(await openBrokers(flags, context, { toBreak: true }), flags.timeout),
  };
  const { processes } = flags;
  const { report, refusal } =
    processes === undefined
      ? await stressTest(printedWishes(flags, context), {
          ...options,
          onRun: (run) => {
            printRun(run, { alone, repeat: ({ historyFile = '' }) => `--replay ${historyFile}` }, context);
          },
        })
      : await stressProcesses(flags, processes, {
          ...options,
          onRun: (run) => {
            printRun(run, { alone, repeat: ({ plan }) => repeatedProcesses(flags, plan) }, context);
          },
        });
  await conclude(report, destination, context, refusal);
}

/** Prints what the brokers do not allow. */
function printedWishes(flags: StressFlags, context: CommandContext): PlanWishes {
  const wishes = wishesOf(flags);
  const left = protocolNames.filter((name) => !wishes.protocols.includes(name));
  if (left.length > 0)
    context.log(`without protocol ${left.join(', ')}: Kafka ${flags.kafkaVersion ?? ''} does not support it`);
  const impossible = flags.faults === undefined ? allFaultKinds.filter((kind) => !wishes.kinds.includes(kind)) : [];
  if (impossible.length > 0) context.log(`without the faults that require managed brokers: ${impossible.join(', ')}`);
  return wishes;
}

async function tryChecks(flags: StressFlags, context: CommandContext): Promise<void> {
  const destination = await planJson(flags, context);
  const chosen = triedMutants.filter(({ name }) => flags.mutants?.includes(name) ?? true);
  context.log(counted(chosen.length, 'broken program'));
  await withBrokers(flags, context, async ({ connection, kafka }) => {
    // Some of the programs break only the consumer protocol.
    if (kafka !== undefined) requireProtocol('consumer', kafka.version);
    const result = await withChildProperties(connection.properties, (clientFlags) =>
      selfTest({
        clientFlags,
        mutants: chosen,
        seed: flags.seed,
        schedulesMax: flags.runs === 1 ? selfTestSchedules : flags.runs,
        bootstrapServers: connection.bootstrapServers,
        historyFolder: flags.historyDir ?? historyFolder,
        signal: context.signal,
        onControl: (mix, found) => {
          printControl(mix, found, context);
        },
        onResult: (one, mutant, found) => {
          printMutant(one, mutant, found, context);
        },
      }),
    );
    const interrupted = context.signal.aborted;
    await conclude(new StressSummary(flags.seed).report({ interrupted, selfTest: result }), destination, context);
  });
}

/** Destination of the report. */
interface JsonDestination {
  readonly outputs: Outputs;
  readonly json: Output | undefined;
}

async function planJson({ json, replay, scenario }: StressFlags, context: CommandContext): Promise<JsonDestination> {
  const outputs = new Outputs(context);
  outputs.protect('--replay', replay);
  outputs.protect('--scenario', scenario);
  return { outputs, json: await outputs.plan('--json', json) };
}

/** @param refusal - error of the brokers that ended the runs: they refused a group */
async function conclude(
  report: StressReport,
  { outputs, json }: JsonDestination,
  context: CommandContext,
  refusal?: ClusterError,
): Promise<void> {
  await json?.write(() => [JSON.stringify(report, undefined, 2), '\n']);
  if (json?.isStandardOutput !== true) context.result(renderStress(report));
  switch (report.verdict) {
    case 'failed':
      throw new ClusterError('verificationFailed', failure(report));
    case 'couldNotRun':
      throw refusal ?? new ClusterError('environment', 'a run ended without a verdict');
    case 'interrupted':
      throw new ClusterError('interrupted', 'interrupted');
    case 'passed':
      outputs.conclude();
  }
}

function failure({ mutants, control }: StressReport): string {
  if (control !== null && control.found.length > 0) return 'a check reported a violation of the correct program';
  const survived = mutants.filter(({ caughtBy }) => caughtBy === null).length;
  return survived > 0 ? `not detected: ${counted(survived, 'broken program')}` : 'a violation was found';
}
