import { Option, type Command } from 'commander';
import {
  durationMsByDefault,
  membersMax,
  mockRecordsByDefault,
  p99MsByDefault,
  parseBenchConfig,
  rateByDefault,
  recordsByDefault,
} from '../config/bench.ts';
import { benchLanes, isThroughputLane, lanes, type BenchLane } from '../config/lanes.ts';
import { parseChoice, parseCounts, parseShare } from '../config/units.ts';
import { WordcountError } from '../errors.ts';
import { benchError } from '../measure/bench-error.ts';
import { runBench } from '../measure/bench.ts';
import { renderBench } from '../report/bench-text.ts';
import { Outputs } from '../output/outputs.ts';
import { chooseWorkload } from '../workload/choose-workload.ts';
import type { CommandContext } from './context.ts';
import { addAbOptions, benchAb, withAbDefaults } from './bench-ab.ts';
import { appendHistory } from './history-file.ts';
import { addReportOutputs, planReportOutputs, writeReportOutputs, type ReportOutputs } from './report-outputs.ts';
import { writeReport } from './report-file.ts';
import {
  addConnectionOptions,
  addGroupOptions,
  countOf,
  durationOf,
  type ConnectionOptions,
} from './shared-options.ts';
import { withBrokers } from './with-brokers.ts';
import { addWorkloadOptions, type WorkloadFlags } from './workload-options.ts';

const membersByDefault = [1, 2, 3, 4, 5];
const millions = recordsByDefault / 1_000_000;

export function registerBench(program: Command, context: CommandContext): void {
  const command = program
    .command('bench', { isDefault: true })
    .description(
      'Measures how a group scales from one member to five, and checks every word of every run. The default.',
    )
    .option('-t, --topic <name>', 'measure an existing topic as it is (default: a fresh one, deleted afterwards)')
    .addOption(
      new Option('--members <list>', 'numbers of members to measure')
        .argParser(membersOf)
        .default(membersByDefault, membersByDefault.join()),
    )
    .option('--repetitions <count>', 'runs of each lane and number of members', countOf('--repetitions', 1, 1_000), 3)
    .addOption(
      new Option(
        '--lane <list>',
        'drain: as fast as it goes; work: each record costs --work-us; latency: records on a schedule; rebalance: what changes of the group cost',
      )
        .argParser(lanesOf)
        .default([...lanes], lanes.join()),
    )
    .option('--work-us <microseconds>', 'service time a record in lane work', countOf('--work-us', 1, 1_000_000), 100)
    .option('--warm-up <count>', 'runs before the measured ones', countOf('--warm-up', 0, 100), 1)
    .addOption(
      new Option(
        '--until-precision <share>',
        'repeat until every median is that sure (95 % interval), such as 3%',
      ).argParser((text) => parseShare('--until-precision', text, { min: 0.001, max: 1 })),
    )
    .addOption(
      new Option('--max-time <duration>', 'begin no more repetitions for --until-precision after it')
        .argParser(durationOf('--max-time'))
        .default(600_000, '10m'),
    )
    .option('--json <file>', 'write the report; - is stdout, without the table');
  addPacedOptions(command);
  addReportOutputs(command).option('--append-history <file>', 'add a line to a history, which compare --history reads');
  addAbOptions(command);
  addWorkloadOptions(command);
  command
    .option('--partitions <count>', 'of the fresh topic (default: 4)', countOf('--partitions', 1, 1_000))
    .option('--replication-factor <count>', 'of the fresh topic', countOf('--replication-factor', 1, 100));
  addGroupOptions(addConnectionOptions(command)).addHelpText('after', helpText);
  command.action(async (options: ConnectionOptions & WorkloadFlags & ReportOutputs) => {
    const isDefault = (name: string): boolean => command.getOptionValueSource(name) === 'default';
    const config = parseBenchConfig(withAbDefaults(withMembers(options, isDefault('members')), isDefault));
    // Bad input shows before any broker is started or asked.
    const workload = await chooseWorkload(options);
    const outputs = new Outputs(context);
    const json = await outputs.plan('--json', config.json);
    const history = await outputs.plan('--append-history', config.appendHistory, { isAppended: true });
    const files = await planReportOutputs(options, outputs, { hasRebalance: config.lane.includes('rebalance') });
    const { ab: revisions } = config;
    await withBrokers(options, context, async (brokers) => {
      if (revisions !== undefined) return benchAb({ config, revisions, workload, brokers, outputs, json }, context);
      const outcome = await runBench({ config, workload, brokers }, context);
      context.endLive({ clear: true });
      if (json?.isStandardOutput !== true) context.result(renderBench(outcome.report, { colour: context.colour }));
      await writeReport(json, outcome.report);
      await writeReportOutputs(outcome.report, files, outputs, context);
      await appendHistory(history, outcome.report, context);
      outputs.conclude(benchError(outcome));
    });
  });
}

/** Of lanes with a schedule. */
function addPacedOptions(command: Command): void {
  command
    .option(
      '--rate <records>',
      `records a second in lanes latency and rebalance (default: ${rateByDefault})`,
      countOf('--rate', 1, 10_000_000),
    )
    .option(
      '--duration <duration>',
      `of each run of lane latency (default: ${durationMsByDefault / 1_000}s)`,
      durationOf('--duration'),
    )
    .option('--find-capacity', 'lane latency: search the highest rate that holds --p99-ms')
    .option('--p99-ms <milliseconds>', `the bound of --find-capacity (default: ${p99MsByDefault})`, p99Of);
}

const helpText = `
The members of a run join while nothing is fetched, and start at once when all have their partitions; the clock stops at
the last batch applied. Runs are made in an order that --seed shuffles (default: 1); the table shows medians. A run is
right only when the count of every word equals a reference, counted apart; a bench with a wrong run exits with 3.

Without --topic, a topic of 4 partitions is filled with ${millions} million records of a book (${mockRecordsByDefault} on the mock cluster),
or with --input, or with seeded words, and deleted at the end. Lane work reads as much of it as one member serves in 6 s.

Lane latency produces --rate records a second on a schedule that nothing shifts, on a topic of its own, and tells how long
each took from its scheduled moment to its count, and where (docs/latency.md). Without --members: 2.
Lane rebalance lets members join, leave and crash, and groups grow from 1 to 5 and shrink again, under every protocol and a steady
--rate, and tells how long partitions stood still, and why (docs/rebalance.md). --members is not for it.

--ab measures two revisions in turns: --repetitions pairs (default: 10) of lane drain with 1 and 4 members, five runs each, and says like
compare whether the second got worse, by --max-regression and --alpha.

Examples:
  consumer-cluster bench
  consumer-cluster bench --members 1,2,5 --repetitions 2 --num-records 1m --json report.json
  consumer-cluster bench --lane work --work-us 500 --group-protocol consumer
  consumer-cluster bench --lane latency --rate 20000 --duration 30s
  consumer-cluster bench --lane latency --members 4 --find-capacity --p99-ms 50
  consumer-cluster bench --lane rebalance --rate 2000 --svg owners.svg
  consumer-cluster bench -b 127.0.0.1:9092 --topic books --lane drain
  consumer-cluster bench --ab main,HEAD --members 1 --num-records 500k
  consumer-cluster bench --json - --quiet | jq '.scaling[] | [.lane, .members, .speedup]'`;

/** Lanes with a schedule show less in a sweep over members, and take long: they have two of them by default. */
function withMembers<Options extends object>(options: Options, isDefault: boolean): Options {
  const { lane } = options as { readonly lane?: readonly BenchLane[] };
  return isDefault && lane?.some(isThroughputLane) === false ? { ...options, members: [2] } : options;
}

function membersOf(text: string): number[] {
  return parseCounts('--members', text, { min: 1, max: membersMax });
}

function lanesOf(text: string): BenchLane[] {
  return [...new Set(text.split(',').map((lane) => parseChoice('--lane', lane.trim(), benchLanes)))];
}

function p99Of(text: string): number {
  const milliseconds = Number(text);
  if (Number.isFinite(milliseconds) && milliseconds > 0) return milliseconds;
  throw new WordcountError('usage', `--p99-ms: '${text}' is no number of milliseconds above 0`);
}
