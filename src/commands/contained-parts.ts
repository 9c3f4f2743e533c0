import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { readKafkaInstall } from '../brokers/kafka-install.ts';
import { installation } from '../installation.ts';
import { clientVersions } from '../kafka/native/client-versions.ts';
import type { Facts } from './doctor-facts.ts';

const javaTimeoutMs = 30_000;

/** Checks every part of the single file by using it: its set-up has taken place elsewhere. */
export async function containedParts(): Promise<Facts> {
  const file = process.env['CONSUMER_CLUSTER_FILE'] ?? 'unknown';
  return [
    await part('single file', () => `${file}, unpacked in ${installation.folder}`),
    await part('Node', () => `${process.versions.node}, from the single file`),
    await part('Kafka client', () => {
      const { client, librdkafka } = clientVersions();
      return `${client} with librdkafka ${librdkafka}, loaded`;
    }),
    await part('Java', async () => {
      const { java, javaVersion } = readKafkaInstall();
      await promisify(execFile)(java, ['-XX:-UsePerfData', '-version'], { timeout: javaTimeoutMs });
      return `${javaVersion}, from the single file`;
    }),
    await part('Apache Kafka', () => `${readKafkaInstall().version}, from the single file`),
  ];
}

async function part(name: string, find: () => string | Promise<string>): Promise<Facts[number]> {
  try {
    return { name, present: true, found: await find(), hint: '', lostWithout: '' };
  } catch (error) {
    const reason = reasonOf(error);
    return { name, present: false, found: '', hint: `${installation.repair}   (${reason})`, lostWithout: '' };
  }
}

/** The innermost cause: the loader of native libraries names the missing one there. */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.cause === undefined ? error.message : reasonOf(error.cause);
}
