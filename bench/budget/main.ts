/**
 * Where the processor time of a record goes: `npm run bench -- budget`. Prints Markdown.
 */
import { Command, Option } from 'commander';
import { readMachine } from '../../src/benchmark/environment.ts';
import { resolveBrokers } from '../../src/brokers/resolve.ts';
import { createContext } from '../../src/commands/context.ts';
import { countOf } from '../../src/config/units.ts';
import { ClusterError } from '../../src/errors.ts';
import { nodePeer } from '../peers/node-program.ts';
import { countingProgram, drainingProgram } from '../peers/ours.ts';
import type { PeerLane } from '../peers/peer.ts';
import { preparePeers, runPeers, warmUpRecordsMax } from '../peers/run-peers.ts';
import { budgetRows } from './budget-rows.ts';
import { renderBudget } from './budget-text.ts';
import { profiledPeer } from './profiled-peer.ts';

type ReadingLane = Exclude<PeerLane, 'produce'>;

interface Flags {
  readonly numRecords: number;
  readonly members: number;
  readonly partitions: number;
  readonly lane: ReadingLane;
}

const timeoutMs = 30_000;
const workload = { type: 'book' } as const;
const goals = { ratios: [], bounds: [] };
/** Samples of a second of processor time. */
const hz = 2_000;

const stopping = new AbortController();
for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  process.on(name, () => {
    stopping.abort(new ClusterError('interrupted', 'interrupted'));
  });
}
const context = createContext({ signal: stopping.signal, killSignal: stopping.signal, quiet: () => false });

const command = new Command('bench budget')
  .description('Processor time of a record by part of the program, from the samples of perf record.')
  .option(
    '--num-records <count>',
    'records of 66 bytes',
    countOf('--num-records', warmUpRecordsMax + 1, 1_000_000_000),
    10_000_000,
  )
  .option('--members <count>', 'members of the group', countOf('--members', 1, 64), 1)
  .option('--partitions <count>', 'of the topic', countOf('--partitions', 1, 1_000), 4)
  .addOption(
    new Option('--lane <lane>', 'count every word, or only read').choices(['drain', 'count']).default('count'),
  );

const programs = { count: countingProgram, drain: drainingProgram } as const satisfies Record<ReadingLane, unknown>;

async function run(): Promise<void> {
  const { numRecords: records, members, partitions, lane } = command.parse().opts<Flags>();
  const program = programs[lane](`ours-${lane}-${members}`, members);
  const profiled = profiledPeer({ ...program, name: 'profiled' }, hz);
  const prepared = await preparePeers([nodePeer(program), profiled.peer], context);
  const [missing] = prepared.skipped;
  if (missing !== undefined) throw new ClusterError('environment', missing.why);
  const log = (line: string): void => {
    context.log(line);
  };
  const brokers = await resolveBrokers({ properties: {}, source: 'managed', timeoutMs, signal: context.signal, log });
  try {
    const options = { workload, goals, records, partitions, repetitions: 1, seed: 1 };
    const report = await runPeers(brokers, prepared, options, context);
    const [plain] = report.rows;
    const failed = report.rows.flatMap(({ failures }) => failures);
    if (failed.length > 0) throw new ClusterError('verificationFailed', `not exact: ${failed.join('; ')}`);
    const [warmUp = [], measured = []] = profiled.runs;
    const short = { samples: warmUp, records: warmUpRecordsMax };
    const rows = budgetRows({ samples: measured, records }, short, hz);
    const { cpu, cores, node } = readMachine(brokers);
    const wholeNs = (plain?.cpuMicrosPerRecord ?? NaN) * 1_000;
    context.result(renderBudget(rows, { lane, members, records, wholeNs }));
    context.result(`\n${cpu}, ${cores} cores, Node ${node}, ${brokers.label}.`);
  } finally {
    await brokers.close();
  }
}

try {
  await run();
} catch (error) {
  if (!(error instanceof ClusterError)) throw error;
  process.stderr.write(`error: ${error.message}\n`);
  if (error.hint !== undefined) process.stderr.write(`hint: ${error.hint}\n`);
  process.exitCode = error.exitCode;
}
