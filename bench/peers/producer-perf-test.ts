import { readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { readKafkaInstall } from '../../src/brokers/kafka-install.ts';
import { RecordBatch, RecordDealer } from '../../src/workload/record-batch.ts';
import { openWorkload, type Workload } from '../../src/workload/workload.ts';
import { kafkaTool, toolJvmFlags } from './kafka-tool.ts';
import type { Peer, PeerTask } from './peer.ts';
import { producingPeer } from './producing-peer.ts';
import { programPeer, type ProgramResult, type RunFiles } from './program-peer.ts';

/** The product's settings for filling a topic, by the names of Java's client. */
const properties = {
  acks: 'all',
  'enable.idempotence': true,
  'compression.type': 'none',
  'linger.ms': 20,
  'batch.size': 1_000_000,
  'max.request.size': 64 * 2 ** 20,
  'buffer.memory': 128 * 2 ** 20,
} as const;

/** More than the lines of the book. */
const payloadsMax = 20_000;

/**
 * Kafka's unmodified kafka-producer-perf-test. It sends records of the same workload, which it chooses
 * at random: the number of records is exact, that of the bytes is not.
 */
export function producerPerfTest(): Peer {
  const install = readKafkaInstall();
  const peer = programPeer({
    name: 'producer-perf-test',
    title: `kafka-producer-perf-test ${install.version}, Java ${install.javaVersion}`,
    lane: 'produce',
    members: 1,
    settings: { jvm: toolJvmFlags.join(' '), ...properties },
    bytesTolerance: Infinity,
    command: (task, files) => [
      ...kafkaTool(install, 'ProducerPerformance', files),
      ...['--bootstrap-server', task.connection.bootstrapServers, '--topic', task.topic.topic],
      ...['--num-records', String(task.topic.records), '--throughput', '-1', '--payload-file', payloadFile(task)],
      '--command-property',
      ...Object.entries(properties).map(([name, value]) => `${name}=${value}`),
    ],
    readResult,
  });
  return producingPeer({
    ...peer,
    run: async (task) => {
      await writeFile(payloadFile(task), await payloads(task.topic.workload));
      return peer.run(task);
    },
  });
}

function payloadFile({ folder, runId }: PeerTask): string {
  return join(folder, `${runId}.txt`);
}

/** The first records of the workload, one per line. */
async function payloads(workload: Workload): Promise<string> {
  const batch = new RecordBatch({ records: payloadsMax, bytes: 64 * 2 ** 20 });
  const source = openWorkload(workload, { repeat: true });
  await source.fill(new RecordDealer([batch]), payloadsMax);
  await source.close();
  const ends = batch.ends.subarray(0, batch.count);
  return Array.from(ends, (end, index) => batch.values.toString('utf8', ends[index - 1] ?? 0, end)).join('\n');
}

/** The tool's last write is its result, when every record is acknowledged. */
async function readResult({ log }: RunFiles): Promise<ProgramResult> {
  const { mtimeMs } = await stat(log);
  return parseProducerPerfTest(await readFile(log, 'utf8'), mtimeMs);
}

/**
 * Parses the tool's last line: `10 records sent, 5.0 records/sec (1.00 MB/sec), …, 3 ms 99.9th.` The
 * lines before have no percentiles.
 */
export function parseProducerPerfTest(output: string, endedAtMs: number): ProgramResult {
  const match = /^(\d+) records sent, ([\d.]+) records\/sec \(([\d.]+) MB\/sec\).*th\.$/m.exec(output);
  if (match === null) throw new Error(`kafka-producer-perf-test printed no result: ${output.trim()}`);
  const [, records, recordsPerSecond, mebibytesPerSecond] = match.map(Number) as [number, number, number, number];
  const seconds = records / recordsPerSecond;
  return {
    startedAtMs: endedAtMs - seconds * 1_000,
    endedAtMs,
    records,
    bytes: Math.round(mebibytesPerSecond * seconds * 2 ** 20),
  };
}
