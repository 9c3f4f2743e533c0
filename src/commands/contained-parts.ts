import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { promisify } from 'node:util';
import { readKafkaInstall } from '../brokers/kafka-install.ts';
import { kafkaVersionByDefault } from '../brokers/kafka-version.ts';
import { ClusterError } from '../errors.ts';
import { installation } from '../installation.ts';
import { clientVersions } from '../kafka/native/client-versions.ts';
import type { Facts } from './doctor-facts.ts';

const javaTimeoutMs = 30_000;
const lostWithoutJava = 'no managed brokers; --bootstrap-server HOST:PORT and --brokers mock work without them';

/** Checks every part of a package by using it: its set-up has taken place elsewhere. */
export async function containedParts(): Promise<Facts> {
  const { kind, folder } = installation;
  const isFile = kind === 'single file';
  const file = process.env['CONSUMER_CLUSTER_FILE'] ?? 'unknown';
  return [
    await part(kind, () => (isFile ? `${file}, unpacked in ${folder}` : folder)),
    await part('Node', () => `${process.versions.node}${isFile ? ', from the single file' : `, ${process.execPath}`}`),
    await part('Kafka client', () => {
      const { client, librdkafka } = clientVersions();
      return `${client} with librdkafka ${librdkafka}, loaded`;
    }),
    await part(
      'Java',
      async () => {
        const { java, javaVersion } = readKafkaInstall();
        await promisify(execFile)(java, ['-XX:-UsePerfData', '-version'], { timeout: javaTimeoutMs });
        return `${javaVersion}, ${isFile ? 'from the single file' : java}`;
      },
      isFile ? '' : lostWithoutJava,
    ),
    await part('Apache Kafka', () => {
      const manifest = installation.kafkaManifest(kafkaVersionByDefault);
      if (!existsSync(manifest)) throw new Error(`${manifest} is missing`);
      return `${kafkaVersionByDefault}, from the ${kind}`;
    }),
  ];
}

async function part(name: string, find: () => string | Promise<string>, lostWithout = ''): Promise<Facts[number]> {
  try {
    return { name, present: true, found: await find(), hint: '', lostWithout };
  } catch (error) {
    const hint = error instanceof ClusterError && error.hint !== undefined ? error.hint : installation.repair;
    return { name, present: false, found: '', hint: `${hint}   (${reasonOf(error)})`, lostWithout };
  }
}

/** The innermost cause: the loader of native libraries names the missing one there. */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.cause === undefined ? error.message : reasonOf(error.cause);
}
