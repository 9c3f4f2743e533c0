import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { WordcountError } from '../errors.ts';

/** What the set-up put together for managed brokers: setup/kafka.js writes it, last of all. */
const KafkaInstallSchema = z.object({
  /** Of Apache Kafka. */
  version: z.string(),
  /** The program. */
  java: z.string(),
  javaVersion: z.string(),
  /** Jar files, in the order in which the class archive was made. */
  classPath: z.array(z.string()).min(1),
  logConfig: z.string(),
  /** Kafka's own format tool wrote it: the features that a new cluster starts with. */
  bootstrapCheckpoint: z.string(),
  /** The JVM's archive of loaded classes; missing where this Java can't make one. */
  classArchive: z.string().optional(),
});
export type KafkaInstall = Readonly<z.infer<typeof KafkaInstallSchema>>;

/** The project's folder, from dist/brokers and from src/brokers alike. */
const projectFolder = join(import.meta.dirname, '..', '..');
const manifestFile = join(projectFolder, '.cache', 'kafka.json');

const hint =
  'node setup/main.js installs it (`consumer-cluster doctor` tells what is missing); ' +
  '--bootstrap-server HOST:PORT and --brokers mock work without it';

/** @throws WordcountError environment, when the set-up has not run or what it installed is gone */
export function readKafkaInstall(): KafkaInstall {
  let text: string;
  try {
    text = readFileSync(manifestFile, 'utf8');
  } catch (cause) {
    throw new WordcountError('environment', 'Apache Kafka for managed brokers is not installed', { cause, hint });
  }
  const install = KafkaInstallSchema.parse(JSON.parse(text));
  const lost = [install.java, ...install.classPath].find((file) => !existsSync(file));
  if (lost !== undefined) {
    throw new WordcountError('environment', `managed brokers need ${lost}, which is gone`, { hint });
  }
  return install;
}
