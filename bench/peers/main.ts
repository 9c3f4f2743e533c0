import { Command, CommanderError } from 'commander';
import { resolveBrokers } from '../../src/brokers/resolve.ts';
import { createContext } from '../../src/commands/context.ts';
import { countOf } from '../../src/config/units.ts';
import { ClusterError } from '../../src/errors.ts';
import { writeNow } from '../../src/output/write-now.ts';
import { allPeers, choosePeers } from './all-peers.ts';
import { bookGoals, longRecordGoals } from './goals.ts';
import { renderPeers } from './peers-text.ts';
import type { PeersReport } from './peers-report.ts';
import { preparePeers, runPeers } from './run-peers.ts';

interface PeersFlags {
  readonly numRecords: number;
  readonly repetitions: number;
  readonly partitions: number;
  readonly seed: number;
  readonly recordBytes?: number;
  readonly rows?: readonly string[];
  readonly json?: string;
}

const timeoutMs = 30_000;
/** Distinct words of --record-bytes. */
const vocabulary = 10_000;

const interrupted = new ClusterError('interrupted', 'interrupted');
const drain = new AbortController();
for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  process.on(name, () => {
    drain.abort(interrupted);
  });
}
const context = createContext({ signal: drain.signal, killSignal: drain.signal, quiet: () => false });

const command = new Command('bench peers')
  .description(
    'The same records through this program and through other Kafka clients, one after the other, and their ratios.',
  )
  .option(
    '--record-bytes <count>',
    'seeded words in records of this many bytes, instead of lines of a book of 66 bytes on average',
    countOf('--record-bytes', 1, 1_000_000),
  )
  .option('--num-records <count>', 'records', countOf('--num-records', 1, 1_000_000_000), 10_000_000)
  .option('--repetitions <count>', 'runs of each row, in a shuffled order', countOf('--repetitions', 1, 1_000), 3)
  .option('--partitions <count>', 'of the topic', countOf('--partitions', 1, 1_000), 4)
  .option('--seed <number>', 'of the order', countOf('--seed', 0, 2 ** 32 - 1), 1)
  .option('--rows <list>', 'only these, by name or with * at the end: ours-count-*,kafkajs-count', (text) =>
    text.split(','),
  )
  .option('--json <file>', 'write the report; - is stdout, without the tables')
  .exitOverride();

async function run(): Promise<void> {
  command.parse();
  const { rows, json, recordBytes, numRecords, repetitions, partitions, seed } = command.opts<PeersFlags>();
  const work =
    recordBytes === undefined
      ? ({ workload: { type: 'book' }, goals: bookGoals } as const)
      : ({
          workload: { type: 'zipf', vocabulary, recordBytes, seed, nonAsciiShare: 0 },
          goals: longRecordGoals,
        } as const);
  const peers = choosePeers(allPeers(), rows);
  const prepared = await preparePeers(peers, context);
  const brokers = await resolveBrokers({
    properties: {},
    source: 'managed',
    timeoutMs,
    signal: context.signal,
    log: (line) => {
      context.log(line);
    },
  });
  let report: PeersReport;
  try {
    report = await runPeers(
      brokers,
      prepared,
      { ...work, records: numRecords, repetitions, partitions, seed },
      context,
    );
  } finally {
    await brokers.close();
  }
  if (json !== '-') context.result(renderPeers(report));
  if (json !== undefined) await writeNow(json, `${JSON.stringify(report, undefined, 2)}\n`, context);
  const failed = report.rows.filter(({ failures }) => failures.length > 0).map(({ name }) => name);
  if (failed.length > 0) throw new ClusterError('verificationFailed', `not exact: ${failed.join(', ')}`);
  if (report.partial) throw interrupted;
}

try {
  await run();
} catch (error) {
  if (error instanceof CommanderError) {
    process.exitCode = error.exitCode === 0 ? 0 : 2;
  } else if (error instanceof ClusterError) {
    if (error.code !== 'interrupted') process.stderr.write(`error: ${error.message}\n`);
    if (error.hint !== undefined) process.stderr.write(`hint: ${error.hint}\n`);
    process.exitCode = error.exitCode;
  } else {
    throw error;
  }
}
