/**
 * How speed and memory change with the amount of work: `npm run bench -- scale`. Each point is a
 * run of the program on a separate topic.
 */
import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { Command } from 'commander';
import { resolveBrokers } from '../../src/brokers/resolve.ts';
import { createContext } from '../../src/commands/context.ts';
import { countOf } from '../../src/config/units.ts';
import { ClusterError } from '../../src/errors.ts';
import { dropTopic } from '../../src/kafka/kafkajs/create-topic.ts';
import { writeNow } from '../../src/output/write-now.ts';
import type { BenchReport } from '../../src/results/schema.ts';
import { expectedPeakMib } from './expected-memory.ts';
import { scalePoints, type ScalePoint } from './points.ts';

interface ScaleRow extends ScalePoint {
  readonly recordsPerSecond: number;
  readonly mibPerSecond: number;
  readonly cpuMicrosPerRecord: number;
  readonly cpuNanosPerByte: number;
  readonly peakRssMib: number;
  readonly expectedPeakMib: number;
  readonly verified: boolean;
}

const timeoutMs = 30_000;
const cli = new URL('../../dist/cli.js', import.meta.url).pathname;
const execute = promisify(execFile);

const stopping = new AbortController();
for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  process.on(name, () => {
    stopping.abort(new ClusterError('interrupted', 'interrupted'));
  });
}
const context = createContext({ signal: stopping.signal, killSignal: stopping.signal, quiet: () => false });

async function measure(
  point: ScalePoint,
  bootstrapServers: string,
  folder: string,
  repetitions: number,
): Promise<ScaleRow> {
  const topic = `scale-${point.series.replace(' ', '-')}-${point.value.replaceAll(/\W/g, '')}`;
  const file = join(folder, `${topic}.json`);
  const program = async (...args: readonly string[]): Promise<void> => {
    await execute(process.execPath, [cli, ...args, '-b', bootstrapServers], { signal: context.signal });
  };
  const { records, recordBytes, vocabulary, partitions, members, compression } = point;
  await program(
    ...['produce', '--topic', topic, '--partitions', String(partitions), '--num-records', String(records)],
    ...['--record-bytes', String(recordBytes), '--vocabulary', String(vocabulary), '--compression', compression],
  );
  await program(
    ...['bench', '--topic', topic, '--lane', 'drain', '--members', String(members), '--warm-up', '1'],
    ...['--repetitions', String(repetitions), '--json', file],
  );
  await dropTopic({ connection: { bootstrapServers, source: 'external', properties: {} }, topic, timeoutMs });
  const { scaling, runs, verdict } = JSON.parse(await readFile(file, 'utf8')) as BenchReport;
  const [measured] = scaling;
  const [run] = runs;
  if (measured === undefined || run === undefined) throw new Error(`${topic} was not measured`);
  const { recordsPerSecond, mibPerSecond, cpuMicrosPerRecord, peakRssMib } = measured;
  return {
    ...point,
    recordsPerSecond,
    mibPerSecond,
    cpuMicrosPerRecord,
    cpuNanosPerByte: (cpuMicrosPerRecord * 1_000 * run.records) / run.bytes,
    peakRssMib,
    expectedPeakMib: expectedPeakMib(point),
    verified: verdict.verified,
  };
}

function printed(row: ScaleRow): Record<string, string | number> {
  return {
    series: row.series,
    value: row.value,
    members: row.members,
    'records/s': Math.round(row.recordsPerSecond).toLocaleString('en-US'),
    'MiB/s': row.mibPerSecond.toFixed(1),
    'CPU us/record': row.cpuMicrosPerRecord.toFixed(2),
    'CPU ns/byte': row.cpuNanosPerByte.toFixed(1),
    'peak MiB': Math.round(row.peakRssMib),
    'bound MiB': Math.round(row.expectedPeakMib),
    exact: row.verified ? 'yes' : 'NO',
  };
}

async function run(): Promise<void> {
  const command = new Command('bench scale')
    .description('Speed and memory over record sizes, vocabularies, partitions, codecs and members.')
    .option('--repetitions <count>', 'runs of each point', countOf('--repetitions', 1, 1_000), 3)
    .option('--series <name>', 'only this one: record size, vocabulary, partitions, compression, members')
    .option('--json <file>', 'write the rows; - is stdout, without the table')
    .parse();
  const { repetitions, series, json } = command.opts<{ repetitions: number; series?: string; json?: string }>();
  const points = scalePoints.filter((point) => series === undefined || point.series === series);
  if (points.length === 0) throw new ClusterError('usage', `--series: there is no '${String(series)}'`);
  const folder = await mkdtemp(join(tmpdir(), 'consumer-cluster-scale-'));
  const log = (line: string): void => {
    context.log(line);
  };
  const brokers = await resolveBrokers({ properties: {}, source: 'managed', timeoutMs, signal: context.signal, log });
  const rows: ScaleRow[] = [];
  try {
    for (const point of points) {
      rows.push(await measure(point, brokers.connection.bootstrapServers, folder, repetitions));
      log(`${rows.length} of ${points.length}: ${point.series} ${point.value}`);
    }
  } finally {
    await brokers.close();
    await rm(folder, { recursive: true, force: true });
  }
  if (json !== '-') console.table(rows.map(printed));
  if (json !== undefined) await writeNow(json, `${JSON.stringify(rows, undefined, 2)}\n`, context);
  if (rows.some(({ verified }) => !verified)) throw new ClusterError('verificationFailed', 'a point is not exact');
}

try {
  await run();
} catch (error) {
  const known = error instanceof ClusterError ? error : (context.signal.reason as unknown);
  if (!(known instanceof ClusterError)) throw error;
  process.stderr.write(`error: ${known.message}\n`);
  process.exitCode = known.exitCode;
}
