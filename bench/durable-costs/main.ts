/**
 * What a changelog costs, by commit interval and vocabulary: `npm run bench -- durable-costs`. Prints
 * Markdown: rates of durable runs next to those of runs in memory on the same topic.
 */
import { Command } from 'commander';
import { readMachine } from '../../src/benchmark/environment.ts';
import { resolveBrokers } from '../../src/brokers/resolve.ts';
import { createContext } from '../../src/commands/context.ts';
import { countOf, parseCounts, parseDurationMs } from '../../src/config/units.ts';
import { ClusterError, toClusterError } from '../../src/errors.ts';
import { costRows, renderCostRows } from './cost-rows.ts';
import { measureTopic, type TopicOptions } from './measure-topic.ts';

interface Flags extends Pick<TopicOptions, 'partitions' | 'members' | 'repetitions' | 'seed'> {
  readonly vocabularies: readonly number[];
  readonly numRecords: readonly number[];
  readonly intervals: readonly number[];
  readonly intervalVocabulary: number;
}

const timeoutMs = 30_000;
/** Every vocabulary is measured with this interval. */
const usualIntervalMs = 1_000;

const stopping = new AbortController();
for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  process.on(name, () => {
    stopping.abort(new ClusterError('interrupted', 'interrupted'));
  });
}
const context = createContext({ signal: stopping.signal, killSignal: stopping.signal, quiet: () => false });

const vocabularyMax = 10_000_000;
const command = new Command('bench durable-costs')
  .description('Rates of durable counts relative to counts in memory, best runs, by commit interval and vocabulary.')
  .option(
    '--vocabularies <list>',
    'distinct words of the topics; each is measured with 1 s',
    (text) => parseCounts('--vocabularies', text, { min: 1, max: vocabularyMax }),
    [10_000, 1_000_000, 10_000_000],
  )
  .option(
    '--num-records <list>',
    'records of 66 bytes: one number, or one for each vocabulary',
    (text) => text.split(',').map(countOf('--num-records', 1, 1_000_000_000)),
    [20_000_000, 2_000_000, 500_000],
  )
  .option(
    '--intervals <list>',
    'commit intervals for --interval-vocabulary',
    (text) => text.split(',').map((part) => parseDurationMs('--intervals', part)),
    [100, usualIntervalMs, 5_000],
  )
  .option(
    '--interval-vocabulary <count>',
    'the one of --vocabularies that is measured with each interval',
    countOf('--interval-vocabulary', 1, vocabularyMax),
    10_000,
  )
  .option('--repetitions <count>', 'runs of each; the best counts', countOf('--repetitions', 1, 1_000), 3)
  .option('--members <count>', 'members of the group', countOf('--members', 1, 64), 2)
  .option('--partitions <count>', 'of each topic', countOf('--partitions', 1, 1_000), 4)
  .option('--seed <number>', 'of words and order', countOf('--seed', 0, 2 ** 32 - 1), 1);

async function run(): Promise<void> {
  const { vocabularies, numRecords, intervals, intervalVocabulary, ...shared } = command.parse().opts<Flags>();
  if (numRecords.length !== 1 && numRecords.length !== vocabularies.length) {
    throw new ClusterError(
      'usage',
      `--num-records has ${numRecords.length} numbers for ${vocabularies.length} vocabularies`,
    );
  }
  const log = (line: string): void => {
    context.log(line);
  };
  const brokers = await resolveBrokers({ properties: {}, source: 'managed', timeoutMs, signal: context.signal, log });
  let rows: ReturnType<typeof costRows> = [];
  let wrong: string[] = [];
  try {
    for (const [index, vocabulary] of vocabularies.entries()) {
      const records = numRecords[index] ?? numRecords[0] ?? 0;
      const isForIntervals = vocabulary === intervalVocabulary;
      const intervalsMs = isForIntervals ? [...new Set([...intervals, usualIntervalMs])] : [usualIntervalMs];
      const measured = await measureTopic(brokers, { ...shared, vocabulary, records, intervalsMs }, context);
      rows = rows.concat(costRows(measured));
      wrong = wrong.concat(measured.runs.flatMap(({ report }) => report.differences ?? []));
      if (measured.error !== undefined) throw toClusterError(measured.error);
    }
  } finally {
    const { cpu, cores, node } = readMachine(brokers);
    if (rows.length > 0) {
      context.result(`${renderCostRows(rows)}\n\n${cpu}, ${cores} cores, Node ${node}, ${brokers.label}.`);
    }
    await brokers.close();
  }
  if (wrong.length > 0) throw new ClusterError('verificationFailed', `not exact: ${wrong.join('; ')}`);
}

try {
  await run();
} catch (error) {
  if (!(error instanceof ClusterError)) throw error;
  process.stderr.write(`error: ${error.message}\n`);
  process.exitCode = error.exitCode;
}
