import { createHash } from 'node:crypto';
import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const root = join(import.meta.dirname, '..');
export const pomFile = join(import.meta.dirname, 'kafka', 'pom.xml');
export const logConfigFile = join(import.meta.dirname, 'kafka', 'log4j2.properties');
const pom = readFileSync(pomFile, 'utf8');

export const kafkaVersion = /<kafka\.version>([^<]+)</.exec(pom)[1];

/** Named by what is in it: another pom.xml is another folder, and a half-filled one never has this name. */
export const kafkaFolder = join(
  root,
  '.cache',
  `kafka-${kafkaVersion}-${createHash('sha256').update(pom).digest('hex').slice(0, 8)}`,
);
export const jarsFolder = join(kafkaFolder, 'jars');

/** What `src/brokers/kafka-install.ts` reads: everything that it takes to start a broker. Written last. */
export const manifestFile = join(root, '.cache', 'kafka.json');

/** A jar that the manifest names and somebody removed makes all of them be fetched again. */
export function jarsReady() {
  const named = readManifest()?.classPath ?? [];
  return existsSync(jarsFolder) && named.filter((jar) => jar.startsWith(jarsFolder)).every((jar) => existsSync(jar));
}

/** @returns {Record<string, unknown> | undefined} */
export function readManifest() {
  try {
    return JSON.parse(readFileSync(manifestFile, 'utf8'));
  } catch {
    return undefined;
  }
}

/** @param {Record<string, unknown>} manifest */
export function writeManifest(manifest) {
  writeFileSync(`${manifestFile}.part`, `${JSON.stringify(manifest, undefined, 2)}\n`);
  renameSync(`${manifestFile}.part`, manifestFile);
}
