import type { Command } from 'commander';
import { requireConsumerProtocol } from '../brokers/kafka-version.ts';
import { withChildProperties } from '../config/child-properties.ts';
import { parseChoice, parseChoices } from '../config/units.ts';
import { fromErrorReport, WordcountError, type ErrorCode } from '../errors.ts';
import { allFaultKinds, allFaults } from '../faults/all-faults.ts';
import { largest } from '../metrics/extremes.ts';
import { mutants } from '../mutants/mutant-list.ts';
import { type Output } from '../output/output.ts';
import { Outputs } from '../output/outputs.ts';
import type { StressReport } from '../report/stress-report.ts';
import { renderStress } from '../report/stress-text.ts';
import { protocolNames, shapes, stressModes } from '../stress/run-plan.ts';
import { openResources } from '../stress/run-resources.ts';
import { planDefaults, stressPlans } from '../stress/stress-plans.ts';
import { stressRuns } from '../stress/stress-runs.ts';
import { selfTest } from '../stress/self-test.ts';
import { StressSummary } from '../stress/summary.ts';
import type { CommandContext } from './context.ts';
import { addConnectionOptions, countOf, durationOf, sessionTimeoutOption } from './shared-options.ts';
import { wishesOf, type StressOptions } from './stress-options.ts';
import { tellControl, tellMutant, tellRun } from './stress-lines.ts';
import { openBrokers, withBrokers } from './with-brokers.ts';

const historyFolder = 'stress-history';
const refusals: readonly ErrorCode[] = ['groupRefused', 'groupFull'];
/** Of a self-test, for each program. */
const selfTestSchedules = 8;
const tried = mutants.filter(({ hiddenByX86 }) => hiddenByX86 !== true);
const mutantNames = tried.map(({ name }) => name);

export function registerStress(program: Command, context: CommandContext): void {
  const { durationMs, rate } = planDefaults;
  const shapeText = (name: keyof (typeof shapes)[number]): string => shapes.map((shape) => shape[name]).join(' and ');
  const command = program
    .command('stress')
    .description('Breaks a live group in seeded ways, then proves from its history and its counts what held.')
    .option('--seed <number>', 'of the first run; each further run has the next', countOf('--seed', 0, 2 ** 31), 1)
    .option(
      '--runs <count>',
      'how many; growth of memory, threads and files is judged from 7 on',
      countOf('--runs', 1, 1_000_000),
      1,
    )
    .option('--duration <duration>', `of one run (default: ${durationMs / 1_000}s)`, durationOf('--duration'))
    .option('--soak', 'the duration is that of all runs together, run after run', false)
    .option('--faults <kind,...>', 'kinds of faults (default: all that the brokers allow)', (text) =>
      parseChoices('--faults', text, allFaultKinds),
    )
    .option('--scenario <file>', 'faults at given times, from a YAML file or by the name of a ready-made one')
    .option('--replay <history>', 'the faults of a run that left its history, at the same times')
    .option(
      '--history-dir <folder>',
      `keep all histories there (default: ${historyFolder}, of runs that found something)`,
    )
    .option('--protocol <name>', `${protocolNames.join(', ')} (default: in rotation)`, (text) =>
      parseChoice('--protocol', text, protocolNames),
    )
    .option(
      '--mode <mode>',
      'liveness heals at the end and asks for progress; safety never stops the faults (default: liveness)',
      (text) => parseChoice('--mode', text, stressModes),
    )
    .option(
      '--members <count>',
      `members of the group (default: ${shapeText('members')} by turns)`,
      countOf('--members', 1, 64),
    )
    .option(
      '--partitions <count>',
      `of the topic (default: ${shapeText('partitions')} by turns)`,
      countOf('--partitions', 1, 100),
    )
    .option('--rate <records>', `produced in a second (default: ${rate})`, countOf('--rate', 1, 1_000_000))
    .addOption(sessionTimeoutOption('3s, or the shortest that the brokers allow'))
    .option('--fail-fast', 'end after the first run that finds something', false)
    .option('--self-test', 'try the checks: run programs that are broken on purpose until each is caught', false)
    .option('--mutants <name,...>', 'of a self-test (default: all)', (text) =>
      parseChoices('--mutants', text, mutantNames),
    )
    .option('--json <file>', 'write the report there; - for stdout')
    .addHelpText('after', `\nFaults:\n${faultHelp()}\n\n${examples}`);
  addConnectionOptions(command).action(async (options: StressOptions) => {
    await (options.selfTest ? tryChecks(options, context) : stress(options, context));
  });
}

const examples = `Exit codes: 0 nothing found, 3 a violation, 1 a run came to no verdict, 130 ended early with nothing found.
Ctrl-C ends the faults and verifies what has happened; a second one ends at once.

Examples:
  consumer-cluster stress --seed 1 --runs 20 --duration 20s
  consumer-cluster stress --faults crash,churn,broker-kill --protocol consumer --duration 30s
  consumer-cluster stress --scenario zombie --runs 4
  consumer-cluster stress --replay stress-history/stress-7-consumer.ndjson
  consumer-cluster stress --soak --duration 8h`;

function faultHelp(): string {
  const width = largest(allFaultKinds.map((kind) => kind.length));
  return allFaults.map(({ kind, does }) => `  ${kind.padEnd(width)}  ${does}`).join('\n');
}

async function stress(options: StressOptions, context: CommandContext): Promise<void> {
  const destination = await planJson(options, context);
  const summary = new StressSummary(options.seed);
  let refusal: WordcountError | undefined;
  const wishes = wishesOf(options);
  const left = protocolNames.filter((name) => !wishes.protocols.includes(name));
  if (left.length > 0)
    context.log(`without protocol ${left.join(', ')}: Kafka ${options.kafkaVersion ?? ''} cannot run it`);
  const impossible = options.faults === undefined ? allFaultKinds.filter((kind) => !wishes.kinds.includes(kind)) : [];
  if (impossible.length > 0) context.log(`without faults that need managed brokers: ${impossible.join(', ')}`);
  await stressRuns(await stressPlans(wishes), {
    signal: context.signal,
    killSignal: context.killSignal,
    historyFolder: options.historyDir ?? historyFolder,
    keepAll: options.historyDir !== undefined,
    log: (line) => {
      context.log(line);
    },
    open: async () => openResources(await openBrokers(options, context, { toBreak: true }), options.timeout),
    onRun: (run) => {
      if ('error' in run) summary.addFailed(run);
      else summary.add(run);
      tellRun(run, { alone: options.runs === 1 && destination.json?.isStandardOutput !== true }, context);
      // The next run's group would be refused as well.
      if ('error' in run && refusals.includes(run.error.code)) refusal = fromErrorReport(run.error);
      return refusal === undefined && !(options.failFast && (summary.failed || 'error' in run));
    },
  });
  const report = summary.report({ interrupted: context.signal.aborted });
  await conclude(report, destination, context, refusal);
}

async function tryChecks(options: StressOptions, context: CommandContext): Promise<void> {
  const destination = await planJson(options, context);
  const chosen = tried.filter(({ name }) => options.mutants?.includes(name) ?? true);
  context.log(`${chosen.length} programs, each broken in one way`);
  await withBrokers(options, context, async ({ connection, kafka }) => {
    // Some of the programs break what only that protocol does.
    if (kafka !== undefined) requireConsumerProtocol(kafka.version);
    const result = await withChildProperties(connection.properties, (clientFlags) =>
      selfTest({
        clientFlags,
        mutants: chosen,
        seed: options.seed,
        schedulesMax: options.runs === 1 ? selfTestSchedules : options.runs,
        bootstrapServers: connection.bootstrapServers,
        historyFolder: options.historyDir ?? historyFolder,
        signal: context.signal,
        onControl: (mix, found) => {
          tellControl(mix, found, context);
        },
        onResult: (one, mutant, found) => {
          tellMutant(one, mutant, found, context);
        },
      }),
    );
    const interrupted = context.signal.aborted;
    await conclude(new StressSummary(options.seed).report({ interrupted, selfTest: result }), destination, context);
  });
}

/** Where the report goes. */
interface JsonDestination {
  readonly outputs: Outputs;
  readonly json: Output | undefined;
}

async function planJson({ json, replay, scenario }: StressOptions, context: CommandContext): Promise<JsonDestination> {
  const outputs = new Outputs(context);
  outputs.protect('--replay', replay);
  outputs.protect('--scenario', scenario);
  return { outputs, json: await outputs.plan('--json', json) };
}

/** @param refusal - of a group by the brokers, which ended the runs */
async function conclude(
  report: StressReport,
  { outputs, json }: JsonDestination,
  context: CommandContext,
  refusal?: WordcountError,
): Promise<void> {
  await json?.write(() => [JSON.stringify(report, undefined, 2), '\n']);
  if (json?.isStandardOutput !== true) context.result(renderStress(report));
  if (report.verdict === 'failed') throw new WordcountError('verificationFailed', failure(report));
  if (report.verdict === 'couldNotRun') throw refusal ?? new WordcountError('environment', 'a run came to no verdict');
  if (report.verdict === 'interrupted') throw new WordcountError('interrupted', 'interrupted');
  outputs.conclude();
}

function failure({ mutants: tried, control }: StressReport): string {
  if (control !== null && control.found.length > 0) return 'checks found something in the right program';
  const survived = tried.filter(({ caughtBy }) => caughtBy === null).length;
  return survived > 0 ? `${survived} broken programs were not caught` : 'a violation was found';
}
