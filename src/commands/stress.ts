import { Option, type Command } from 'commander';
import type { ResolvedBrokers } from '../brokers/resolve.ts';
import { parseChoice, parseChoices } from '../config/units.ts';
import { WordcountError } from '../errors.ts';
import { allFaultKinds, factsOf, type FaultKind } from '../faults/kinds.ts';
import { renderStress, renderViolations } from '../report/stress-text.ts';
import { renderTimeline } from '../report/stress-timeline.ts';
import type { RunOutcome } from '../stress/run-outcome.ts';
import {
  planRun,
  protocolNames,
  stressModes,
  type ProtocolName,
  type RunPlan,
  type StressMode,
} from '../stress/run-plan.ts';
import { openResources, possibleKinds, type RunResources } from '../stress/run-resources.ts';
import { stressRuns, type FailedRun } from '../stress/stress-runs.ts';
import { StressSummary } from '../stress/summary.ts';
import type { CommandContext } from './context.ts';
import { requireWritable, writeResult } from './result-file.ts';
import { addConnectionOptions, countOf, durationOf, type ConnectionOptions } from './shared-options.ts';
import { openBrokers } from './with-brokers.ts';

interface StressOptions extends ConnectionOptions {
  readonly seed: number;
  readonly runs: number;
  readonly duration: number;
  readonly faults?: readonly FaultKind[];
  readonly protocol?: ProtocolName;
  readonly mode: StressMode;
  readonly members: number;
  readonly partitions: number;
  readonly rate: number;
  readonly json?: string;
}

export function registerStress(program: Command, context: CommandContext): void {
  const command = program
    .command('stress')
    .description('Breaks a live group in seeded ways, then proves from its history and its counts what held.')
    .option('--seed <number>', 'of the first run; each further run has the next', countOf('--seed', 0, 2 ** 31), 1)
    .option('--runs <count>', 'how many', countOf('--runs', 1, 1_000_000), 1)
    .addOption(
      new Option('--duration <duration>', 'of one run').argParser(durationOf('--duration')).default(20_000, '20s'),
    )
    .option('--faults <kind,...>', 'kinds of faults (default: all that the brokers allow)', (text) =>
      parseChoices('--faults', text, allFaultKinds),
    )
    .option('--protocol <name>', `${protocolNames.join(', ')} (default: in rotation)`, (text) =>
      parseChoice('--protocol', text, protocolNames),
    )
    .option(
      '--mode <mode>',
      'liveness heals at the end and asks for progress; safety never stops the faults',
      (text) => parseChoice('--mode', text, stressModes),
      'liveness',
    )
    .option('--members <count>', 'members of the group', countOf('--members', 1, 64), 5)
    .option('--partitions <count>', 'partitions of the topic', countOf('--partitions', 1, 100), 4)
    .option('--rate <records>', 'records a second that are produced', countOf('--rate', 1, 1_000_000), 4_000)
    .option('--json <file>', 'write the report there; - for stdout')
    .addHelpText('after', `\nFaults:\n${faultHelp()}\n\n${examples}`);
  addConnectionOptions(command).action(async (options: StressOptions) => {
    await stress(options, context);
  });
}

const examples = `Exit codes: 0 nothing found, 3 a violation, 1 a run came to no verdict, 130 ended early with nothing found.
Ctrl-C ends the faults and verifies what has happened; a second one ends at once.

Examples:
  consumer-cluster stress --seed 1 --runs 20 --duration 20s
  consumer-cluster stress --faults crash,churn,broker-kill --protocol consumer --duration 30s`;

function faultHelp(): string {
  const width = Math.max(...allFaultKinds.map((kind) => kind.length));
  return allFaultKinds.map((kind) => `  ${kind.padEnd(width)}  ${factsOf(kind).does}`).join('\n');
}

async function stress(options: StressOptions, context: CommandContext): Promise<void> {
  if (options.json !== undefined) await requireWritable(options.json);
  const summary = new StressSummary(options.seed);
  let label = '';
  await stressRuns(plans(options), {
    signal: context.signal,
    killSignal: context.killSignal,
    log: (line) => {
      context.log(line);
    },
    open: async (): Promise<RunResources> => {
      const brokers: ResolvedBrokers = await openBrokers(options, context, { toBreak: true });
      label = brokers.label;
      context.log(
        `${label}; ${options.members} members, ${options.partitions} partitions, ${options.rate} records a second`,
      );
      return openResources(brokers);
    },
    onRun: (run) => {
      if ('error' in run) summary.addFailed(run);
      else summary.add(run);
      tell(run, options, context);
    },
  });
  const report = summary.report({ interrupted: context.signal.aborted });
  if (options.json !== undefined)
    await writeResult(options.json, [JSON.stringify(report, undefined, 2), '\n'], context);
  if (options.json !== '-') context.result(renderStress(report));
  if (report.verdict === 'failed') throw new WordcountError('verificationFailed', 'a violation was found');
  if (report.verdict === 'couldNotRun') throw new WordcountError('environment', 'a run came to no verdict');
  if (report.verdict === 'interrupted') throw new WordcountError('interrupted', 'interrupted');
}

function* plans(options: StressOptions): Generator<RunPlan> {
  const source = options.bootstrapServer === undefined ? options.brokers : 'external';
  const kinds = options.faults ?? possibleKinds(source);
  for (let run = 0; run < options.runs; run += 1) {
    const { mode, protocol, members, partitions, rate, duration: durationMs } = options;
    yield planRun({ seed: options.seed + run, durationMs, mode, protocol, members, partitions, rate, kinds });
  }
}

function tell(run: RunOutcome | FailedRun, options: StressOptions, context: CommandContext): void {
  const { seed, protocol } = run.plan;
  if ('error' in run) {
    context.warn(`seed ${seed}, ${protocol}: no verdict: ${run.error.message}`);
    return;
  }
  const bad = run.checks.filter(({ violationsTotal }) => violationsTotal > 0);
  const verdict = bad.length === 0 ? 'no violation' : `violated: ${bad.map(({ id }) => id).join(', ')}`;
  const seconds = (run.durationMs / 1_000).toFixed(1);
  context.log(
    `seed ${seed}, ${protocol}: ${verdict}; ${run.faults.length} faults, ${run.records} records, ${seconds} s`,
  );
  if (bad.length > 0 || options.runs === 1) {
    context.result(renderTimeline({ ...run.throughput, faults: run.faults }));
    for (const check of bad) context.result(`\n${renderViolations(check)}`);
    context.result('');
  }
}
