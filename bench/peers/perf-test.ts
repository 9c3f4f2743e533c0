import { readFile } from 'node:fs/promises';
import { readKafkaInstall } from '../../src/brokers/kafka-install.ts';
import { kafkaTool, toolJvmFlags } from './kafka-tool.ts';
import type { Peer } from './peer.ts';
import { programPeer, type ProgramResult, type RunFiles } from './program-peer.ts';

/**
 * Tuned, with `toolJvmFlags`: on two cores it drained two to three times as fast as with the defaults
 * of its scripts (G1, 512 MiB, 500, 1 MiB).
 */
const toolFlags = { 'fetch-size': 2 * 2 ** 20, 'socket-buffer-size': 2 * 2 ** 20 } as const;
const properties = { 'max.poll.records': 20_000, 'check.crcs': false } as const;
const dateFormat = "yyyy-MM-dd'T'HH:mm:ss.SSSXXX";
/** The tool prints mebibytes with four digits. */
const bytesTolerance = Math.ceil(0.000_05 * 2 ** 20);

/**
 * Kafka's unmodified kafka-consumer-perf-test. Of its two rates, the one without the join time is
 * used: from the first assignment to the last poll, as in all rows.
 */
export function perfTest(): Peer {
  const install = readKafkaInstall();
  return programPeer({
    name: 'perf-test',
    title: `kafka-consumer-perf-test ${install.version}, Java ${install.javaVersion}`,
    lane: 'drain',
    members: 1,
    settings: { jvm: toolJvmFlags.join(' '), ...toolFlags, ...properties },
    bytesTolerance,
    command: ({ connection, topic, runId }, files) => [
      ...kafkaTool(install, 'ConsumerPerformance', files),
      ...pairs({ 'bootstrap-server': connection.bootstrapServers, topic: topic.topic, group: runId }),
      ...pairs({ 'num-records': topic.records, timeout: 30_000, 'date-format': dateFormat, ...toolFlags }),
      ...Object.entries(properties).flatMap(([name, value]) => ['--command-property', `${name}=${value}`]),
      '--hide-header',
    ],
    readResult,
  });
}

function pairs(flags: Readonly<Record<string, string | number>>): string[] {
  return Object.entries(flags).flatMap(([name, value]) => [`--${name}`, String(value)]);
}

async function readResult({ log }: RunFiles): Promise<ProgramResult> {
  return parsePerfTest(await readFile(log, 'utf8'));
}

/**
 * Parses the tool's line: start.time, end.time, data.consumed.in.MB, MB.sec, data.consumed.in.nMsg,
 * nMsg.sec, rebalance.time.ms, fetch.time.ms, fetch.MB.sec, fetch.nMsg.sec.
 */
export function parsePerfTest(output: string): ProgramResult {
  const line = output.split('\n').find((text) => /^\d{4}-\d\d-\d\dT/.test(text));
  const fields = line?.split(', ') ?? [];
  if (fields.length !== 10) throw new Error(`kafka-consumer-perf-test printed no result: ${output.trim()}`);
  const [, endTime = '', mebibytes, , records, , , fetchMs] = fields;
  const endedAtMs = Date.parse(endTime);
  return {
    startedAtMs: endedAtMs - Number(fetchMs),
    endedAtMs,
    records: Number(records),
    bytes: Math.round(Number(mebibytes) * 2 ** 20),
  };
}
