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

const helpText = `The members of a run join before anything is fetched, and start together once all have their
partitions. The clock stops when the last batch is applied. --seed shuffles the order of the runs;
the table shows medians. A run passes only if the count of every word equals an independent
reference; a bench with a wrong run exits with 3.

Without --topic, a topic of 4 partitions is filled with ${recordsByDefault / 1_000_000} million
records of a book (${mockRecordsByDefault} on the mock cluster), with --input or with seeded
words, and deleted at the end. Lane work reads as many records as one member serves in 6 s.

Lane latency produces --rate records per second on a fixed schedule to a topic of its own. It
measures record latency by stage, from the scheduled time to the count (docs/latency.md).
Lane rebalance lets members join, leave and crash, and groups grow from 1 to 5 members and shrink,
under every protocol and a steady --rate. It measures how long partitions are blocked, and why
(docs/rebalance.md).

--ab measures two revisions in turns: --repetitions pairs of lane drain, by default with 1 and 4
members, five runs each. Like compare it reports whether the second is slower, by --max-regression
and --alpha.

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
