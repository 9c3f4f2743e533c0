import { createHash } from 'node:crypto';
import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const cache = join(import.meta.dirname, '..', '.cache');
const sources = join(import.meta.dirname, 'kafka');
export const pomFile = join(sources, 'pom.xml');
export const logConfigFile = join(sources, 'log4j2.properties');
const pom = readFileSync(pomFile, 'utf8');

const versions = JSON.parse(readFileSync(join(sources, 'versions.json'), 'utf8'));
export const kafkaVersionByDefault = versions.default;
/** The newest release of the oldest line that the program supports; tests use it. */
export const kafkaVersionOfTests = versions.newest['3.9'];

/**
 * Paths of one version of Kafka. Several versions are installed side by side.
 * @param {string} version - version of Apache Kafka
 */
export function kafkaFiles(version) {
  // The name contains a hash of pom.xml: another pom.xml gives another folder, and a half-filled
  // folder never has this name.
  const hash = createHash('sha256').update(pom).digest('hex').slice(0, 8);
  const folder = join(cache, `kafka-${version}-${hash}`);
  return {
    cache,
    folder,
    jars: join(folder, 'jars'),
    /**
     * Read by `src/brokers/kafka-install.ts`: everything that is needed to start a broker. Written
     * last.
     */
    manifest: join(cache, `kafka-${version}.json`),
  };
}

/** If a jar that the manifest names is missing, all jars are fetched again. */
export function jarsReady(version) {
  const { folder, jars } = kafkaFiles(version);
  const { folder: named, jars: names = [] } = readManifest(version) ?? {};
  return existsSync(jars) && (named !== folder || names.every((name) => existsSync(join(jars, name))));
}

/** @returns {Record<string, unknown> | undefined} */
export function readManifest(version) {
  try {
    return JSON.parse(readFileSync(kafkaFiles(version).manifest, 'utf8'));
  } catch {
    return undefined;
  }
}

/** @param {Record<string, unknown> & { version: string }} content */
export function writeManifest(content) {
  const { manifest } = kafkaFiles(content.version);
  writeFileSync(`${manifest}.part`, `${JSON.stringify(content, undefined, 2)}\n`);
  renameSync(`${manifest}.part`, manifest);
}
