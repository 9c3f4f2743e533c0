import type { Command } from 'commander';
import {
  benchConfig,
  durableLaneOptions,
  lanesOf,
  mockRecordsByDefault,
  newTopicOptions,
  pacedOptions,
  planOptions,
  recordsByDefault,
  type BenchFlags,
} from '../config/bench.ts';
import { benchRules } from '../config/bench-rules.ts';
import { mockIsNotDurable } from '../config/group.ts';
import { groupOptions } from '../config/options/group-options.ts';
import type { FlagsOf } from '../config/options/option.ts';
import { noEffect, type Rule } from '../config/options/rules.ts';
import { experimentIds, experiments } from '../benchmark/experiments/all-experiments.ts';
import { experimentsOf, type SelectedExperiment } from '../benchmark/run-experiments.ts';
import { chooseWorkload } from '../workload/choose-workload.ts';
import { abOptions, abRules, benchAb, findSources } from './bench-ab.ts';
import { appendHistoryOption, deliverResults, jsonReportOption, planResults } from './bench-results.ts';
import type { CommandContext } from './context.ts';
import { addCommand } from './options/add-command.ts';
import { connectionOptions, connectionRules } from './options/connection-options.ts';
import { isShownBy, allOwnFormatOptions, reportOutputOptions } from './report-outputs.ts';
import { withBrokers } from './with-brokers.ts';

const benchOptions = {
  ...planOptions,
  json: jsonReportOption,
  ...pacedOptions,
  ...durableLaneOptions,
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
    options: { ...benchOptions, ...allOwnFormatOptions },
    rules: [...connectionRules, ...benchRules, ...abRules, ...ownFormatRules(), durableOnKafka],
    helpText,
    run: (flags) => bench(flags, context),
  });
}

async function bench(flags: BenchCommandFlags, context: CommandContext): Promise<void> {
  const config = benchConfig(flags);
  const selected = experimentsOf(config);
  warnOfOldSpelling(flags, selected, context);
  // Invalid input is reported before any broker is started or contacted.
  const workload = await chooseWorkload(flags);
  const results = await planResults(
    flags,
    selected.map(({ id }) => id),
    context,
  );
  const sources = flags.ab === undefined ? undefined : await findSources(flags.ab);
  await withBrokers(flags, context, async (brokers) => {
    if (sources !== undefined) {
      await benchAb({ config, sources, workload, brokers, ...results }, context);
      return;
    }
    const { runBench } = await import('../benchmark/bench.ts');
    const outcome = await runBench({ config, workload, brokers, experiments: selected }, context);
    await deliverResults(outcome, results, context);
  });
}

const durableOnKafka: Rule<BenchCommandFlags> = ({ durable, brokers, bootstrapServer }) =>
  durable && brokers === 'mock' && bootstrapServer === undefined ? [mockIsNotDurable] : [];

/** A format of one experiment needs a lane that selects it. */
function ownFormatRules(): Rule<BenchCommandFlags>[] {
  return Object.keys(allOwnFormatOptions).map((name): Rule<BenchCommandFlags> => {
    const lanes = experimentIds
      .filter((id) => isShownBy(name, [id]))
      .flatMap((id) => Object.keys(experiments[id].benchLanes ?? {}));
    const isMeasured = (flags: BenchFlags): boolean => lanesOf(flags).some((lane) => lanes.includes(lane));
    const why = `without ${lanes.map((lane) => `--lane ${lane}`).join(' or ')}`;
    const rule = noEffect<Record<string, unknown>>([name], why, () => true);
    return (flags, isGiven) => (isMeasured(flags) ? [] : rule({ ...flags }, isGiven));
  });
}

/** Experiments have commands of their own since version 0.2; several of them are one bench. */
function warnOfOldSpelling(
  { ab }: BenchCommandFlags,
  selected: readonly SelectedExperiment[],
  context: CommandContext,
): void {
  const [first, ...others] = selected;
  const isOwnCommand = first !== undefined && others.length === 0 && experiments[first.id].command !== undefined;
  if (ab === undefined && !isOwnCommand) return;
  const [old, now] = ab === undefined ? [`bench --lane ${first?.id ?? ''}`, first?.id] : ['bench --ab', 'ab'];
  context.warn(`warning: ${old} is now the command ${now ?? ''}; the next release removes ${old}`);
}

const helpText = `The members of a run join before anything is fetched, and start together once all have their
partitions. The clock stops when the last batch is applied. --seed shuffles the order of the runs;
the table shows medians. A run passes only if the count of every word equals an independent
reference; a bench with a wrong run exits with 3.

Without --topic, a topic of 4 partitions is filled with ${recordsByDefault / 1_000_000} million
records of a book (${mockRecordsByDefault} on the mock cluster), with --input or with seeded
words, and deleted at the end. Lane work reads as many records as one member serves in 6 s.

latency, rebalance and ab are separate commands. Used alone, the former options (--lane latency,
--lane rebalance, --ab) still work in this version. Several lanes, such as drain,latency, make one
report.

Examples:
  consumer-cluster bench
  consumer-cluster bench --members 1,2,5 --repetitions 2 --num-records 1m --json report.json
  consumer-cluster bench --lane work --work-us 500 --group-protocol consumer
  consumer-cluster bench -b 127.0.0.1:9092 --topic books --lane drain
  consumer-cluster bench --json - --quiet | jq '.scaling[] | [.lane, .members, .speedup]'`;
