import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { z } from 'zod';
import { ClusterError } from '../errors.ts';
import { installation } from '../installation.ts';
import { findJava, type Java } from './find-java.ts';
import { kafkaVersionByDefault } from './kafka-version.ts';

/**
 * What the set-up has installed for managed brokers. setup/kafka.js writes this file as its last
 * step. Paths may be relative to the file, as they are in packages.
 */
const ManifestSchema = z.object({
  /** Version of Apache Kafka. */
  version: z.string(),
  /** The folder of the files below. */
  folder: z.string(),
  /** The Java program and its version; missing in the npm package, which contains no Java. */
  java: z.string().optional(),
  javaVersion: z.string().optional(),
  /** Names in jars/, in the order in which the class archive was created. */
  jars: z.array(z.string()).min(1),
  logConfig: z.string(),
  /**
   * Name in the folder. Kafka's own format tool wrote the file: it holds the features that a new
   * cluster starts with.
   */
  bootstrapCheckpoint: z.string(),
  /** Path of the checkpoint in a controller's data folder. */
  bootstrapPlace: z.string(),
  /**
   * Name in the folder: the JVM's archive of loaded classes; missing when this Java can't create
   * one.
   */
  classArchive: z.string().optional(),
});

type KafkaFiles = Readonly<Omit<z.infer<typeof ManifestSchema>, 'java' | 'javaVersion'>>;

export interface KafkaInstall extends KafkaFiles, Java {
  /**
   * The jars with their full paths. A path with a colon can't be part of a class path: see
   * java-command.ts.
   */
  readonly classPath: readonly string[];
}

const hint =
  `${installation.repair} (\`consumer-cluster doctor\` lists what is missing); ` +
  '--bootstrap-server HOST:PORT and --brokers mock work without it';

/**
 * @param version - an installed version: the default is always installed, `ensureKafka` installs
 *   others
 * @throws ClusterError environment when the set-up has not run, its files are gone, or there is no
 *   Java
 */
export function readKafkaInstall(version: string = kafkaVersionByDefault): KafkaInstall {
  const file = installation.kafkaManifest(version);
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (cause) {
    const message = `Apache Kafka ${version} for managed brokers is not installed`;
    throw new ClusterError('environment', message, { cause, hint });
  }
  const manifest = ManifestSchema.parse(JSON.parse(text));
  const located = (path: string): string => resolve(dirname(file), path);
  const { java: named, javaVersion = 'unknown' } = manifest;
  const java = named === undefined ? findJava() : { java: located(named), javaVersion };
  const folder = located(manifest.folder);
  const classPath = manifest.jars.map((name) => join(folder, 'jars', name));
  const install = { ...manifest, ...java, folder, logConfig: located(manifest.logConfig), classPath };
  const lost = [install.java, ...install.classPath].find((file) => !existsSync(file));
  if (lost === undefined) return install;
  throw new ClusterError('environment', `managed brokers need ${lost}, which was removed`, { hint });
}
