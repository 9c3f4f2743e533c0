import { existsSync, mkdirSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { findJava, lostWithoutJava } from './java.js';
import { trainKafka } from './kafka-training.js';
import {
  jarsReady,
  kafkaFiles,
  kafkaVersionByDefault,
  logConfigFile,
  pomFile,
  readManifest,
  writeManifest,
} from './kafka-files.js';
import { runMaven } from './maven.js';

async function fetchJars(version) {
  const { folder } = kafkaFiles(version);
  const part = `${folder}.part`;
  rmSync(part, { recursive: true, force: true });
  mkdirSync(part, { recursive: true });
  try {
    await runMaven(version, ['dependency:copy-dependencies', `-DoutputDirectory=${join(part, 'jars')}`]);
    removeStale(version, part);
    renameSync(part, folder);
  } finally {
    rmSync(part, { recursive: true, force: true });
  }
}

/**
 * Removes the files that another pom.xml has fetched for this version, and those of version 0.1 of
 * the program.
 */
function removeStale(version, part) {
  const { cache } = kafkaFiles(version);
  const manifests = readdirSync(cache).filter((name) => /^kafka-\d.*\.json$/.test(name));
  const others = manifests.map((name) => /^kafka-(.+)\.json$/.exec(name)[1]).filter((other) => other !== version);
  const kept = new Set([part, ...others.map((other) => kafkaFiles(other).folder)]);
  for (const name of readdirSync(cache)) {
    const stale = name === 'kafka.json' || (/^kafka-\d/.test(name) && !name.endsWith('.json'));
    if (stale && !kept.has(join(cache, name))) rmSync(join(cache, name), { recursive: true, force: true });
  }
}

/**
 * The manifest is valid while Java, Kafka's files and the project's folder are the same as when it
 * was written.
 */
function prepared(version) {
  const { folder, jars } = kafkaFiles(version);
  const manifest = readManifest(version);
  const java = findJava();
  if (manifest?.folder !== folder || manifest.java !== java?.path || manifest.javaVersion !== java.version) {
    return false;
  }
  const { jars: names, bootstrapCheckpoint, classArchive = bootstrapCheckpoint } = manifest;
  const files = [
    ...names.map((name) => join(jars, name)),
    join(folder, bootstrapCheckpoint),
    join(folder, classArchive),
  ];
  return files.every((file) => existsSync(file));
}

async function prepare(version) {
  const java = findJava();
  const { folder, jars, manifest } = kafkaFiles(version);
  const names = readdirSync(jars)
    .filter((name) => name.endsWith('.jar'))
    .sort();
  rmSync(manifest, { force: true });
  const trained = await trainKafka({ java: java.path, jars: names, folder });
  writeManifest({
    version,
    folder,
    java: java.path,
    javaVersion: java.version,
    jars: names,
    logConfig: logConfigFile,
    ...trained,
  });
}

/**
 * These steps are optional, as those for Java are.
 * @param {string} version - version of Apache Kafka
 */
export function kafkaSteps(version) {
  return [
    {
      name: `Apache Kafka ${version}`,
      optional: lostWithoutJava,
      done: () => jarsReady(version),
      found: () => kafkaFiles(version).folder,
      run: () => fetchJars(version),
      hint: `check the connection to the Maven repository; run mvn -U -f ${pomFile} -Dkafka.version=${version} dependency:resolve to see the error`,
    },
    {
      name: `Kafka ${version} prepared for a fast start`,
      optional: lostWithoutJava,
      done: () => prepared(version),
      found: () => kafkaFiles(version).manifest,
      run: () => prepare(version),
      hint: 'run node setup/main.js again; if that fails, delete the folder .cache first',
    },
  ];
}

export const steps = kafkaSteps(kafkaVersionByDefault);
