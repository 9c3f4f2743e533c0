import type { Command } from 'commander';
import {
  benchConfig,
  mockRecordsByDefault,
  newTopicOptions,
  pacedOptions,
  planOptions,
  recordsByDefault,
} from '../config/bench.ts';
import { benchRules } from '../config/bench-rules.ts';
import { groupOptions } from '../config/options/group-options.ts';
import { isThroughputLane } from '../config/lanes.ts';
import type { FlagsOf } from '../config/options/option.ts';
import { noEffect } from '../config/options/rules.ts';
import { experimentsOf } from '../benchmark/run-experiments.ts';
import { runBench } from '../benchmark/bench.ts';
import { chooseWorkload } from '../workload/choose-workload.ts';
import { abOptions, abRules, benchAb } from './bench-ab.ts';
import { appendHistoryOption, deliverResults, jsonReportOption, planResults } from './bench-results.ts';
import type { CommandContext } from './context.ts';
import { addCommand } from './options/add-command.ts';
import { connectionOptions, connectionRules } from './options/connection-options.ts';
import { reportOutputOptions } from './report-outputs.ts';
import { withBrokers } from './with-brokers.ts';

const benchOptions = {
  ...planOptions,
  json: jsonReportOption,
  ...pacedOptions,
  ...reportOutputOptions,
  appendHistory: appendHistoryOption,
  ...abOptions,
  ...newTopicOptions,
  ...connectionOptions,
  ...groupOptions,
};
type BenchCommandFlags = FlagsOf<typeof benchOptions>;

export function registerBench(program: Command, context: CommandContext): void {
  addCommand(program, {
    name: 'bench',
    isDefault: true,
    description: 'Measures how a group scales from one to five members and verifies every run. The default command.',
    options: benchOptions,
    rules: [
      ...connectionRules,
      ...benchRules,
      ...abRules,
      noEffect<BenchCommandFlags>(['svg'], 'without --lane rebalance', ({ lane = [] }) => !lane.includes('rebalance')),
    ],
    helpText,
    run: (flags) => bench(flags, context),
  });
}

async function bench(flags: BenchCommandFlags, context: CommandContext): Promise<void> {
  const config = benchConfig(flags);
  warnOfOldSpelling(flags, context);
  // Invalid input is reported before any broker is started or contacted.
  const workload = await chooseWorkload(flags);
  const results = await planResults(flags, { hasRebalance: config.lane.includes('rebalance') }, context);
  const { ab: revisions } = flags;
  await withBrokers(flags, context, async (brokers) => {
    if (revisions !== undefined) {
      await benchAb({ config, revisions, workload, brokers, ...results }, context);
      return;
    }
    const outcome = await runBench({ config, workload, brokers, experiments: experimentsOf(config) }, context);
    await deliverResults(outcome, results, context);
  });
}

/** Experiments have commands of their own since version 0.2. */
function warnOfOldSpelling({ lane = [], ab }: BenchCommandFlags, context: CommandContext): void {
  const names = ab === undefined ? lane.filter((name) => !isThroughputLane(name)) : ['ab'];
  if (names.length === 0) return;
  const old = names.map((name) => (name === 'ab' ? 'bench --ab' : `bench --lane ${name}`)).join(' and ');
  const now = names.length === 1 ? 'is now the command' : 'are now the commands';
  context.warn(`warning: ${old} ${now} ${names.join(' and ')}; the next release removes ${old}`);
}

const helpText = `The members of a run join before anything is fetched, and start together once all have their
partitions. The clock stops when the last batch is applied. --seed shuffles the order of the runs;
the table shows medians. A run passes only if the count of every word equals an independent
reference; a bench with a wrong run exits with 3.

Without --topic, a topic of 4 partitions is filled with ${recordsByDefault / 1_000_000} million
records of a book (${mockRecordsByDefault} on the mock cluster), with --input or with seeded
words, and deleted at the end. Lane work reads as many records as one member serves in 6 s.

The lanes latency and rebalance, and --ab, are commands of their own now: latency, rebalance, ab.
The old spelling works in this version.

Examples:
  consumer-cluster bench
  consumer-cluster bench --members 1,2,5 --repetitions 2 --num-records 1m --json report.json
  consumer-cluster bench --lane work --work-us 500 --group-protocol consumer
  consumer-cluster bench -b 127.0.0.1:9092 --topic books --lane drain
  consumer-cluster bench --json - --quiet | jq '.scaling[] | [.lane, .members, .speedup]'`;
