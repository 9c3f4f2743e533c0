import { existsSync, mkdirSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { runCommand } from './command.js';
import { findPasswordFileHome, isWritable } from './home.js';
import { findJava, lostWithoutJava } from './java.js';
import { trainKafka } from './kafka-training.js';
import {
  jarsFolder,
  jarsReady,
  kafkaFolder,
  kafkaVersion,
  logConfigFile,
  manifestFile,
  pomFile,
  readManifest,
  writeManifest,
} from './kafka-files.js';
import { cacheFolder } from './project.js';

async function fetchJars() {
  const part = `${kafkaFolder}.part`;
  rmSync(part, { recursive: true, force: true });
  mkdirSync(part, { recursive: true });
  const goal = ['dependency:copy-dependencies', `-DoutputDirectory=${join(part, 'jars')}`];
  // -C: a file whose checksum is wrong is refused, where Maven by itself would only warn.
  const flags = ['-B', '-q', '-C', '--no-transfer-progress', ...localRepository()];
  // Where Java was found beside PATH, Maven would not find it by itself.
  const env = { JAVA_HOME: join(findJava().path, '..', '..') };
  await runCommand('mvn', [...flags, '-f', pomFile, ...goal], { env });
  // With it go the folders of other versions.
  for (const name of readdirSync(dirname(kafkaFolder))) {
    const folder = join(dirname(kafkaFolder), name);
    if (/^kafka-/.test(name) && folder !== part) rmSync(folder, { recursive: true, force: true });
  }
  renameSync(part, kafkaFolder);
}

/** Maven keeps what it fetches in the home that Java knows, or in .cache when there is none that it can write. */
function localRepository() {
  const home = findPasswordFileHome();
  const usable = home !== undefined && isWritable(join(home, '.m2', 'repository'));
  return usable ? [] : [`-Dmaven.repo.local=${join(cacheFolder, 'm2')}`];
}

/** The manifest is right while Java, Kafka's files and the project's place are what they were when it was written. */
function prepared() {
  const manifest = readManifest();
  const java = findJava();
  if (manifest?.version !== kafkaVersion || manifest.java !== java?.path || manifest.javaVersion !== java.version) {
    return false;
  }
  const { classPath, bootstrapCheckpoint, classArchive = bootstrapCheckpoint } = manifest;
  const files = [...classPath, bootstrapCheckpoint, classArchive];
  return files.every((file) => file.startsWith(kafkaFolder) && existsSync(file));
}

async function prepare() {
  const java = findJava();
  const classPath = readdirSync(jarsFolder)
    .filter((name) => name.endsWith('.jar'))
    .sort()
    .map((name) => join(jarsFolder, name));
  rmSync(manifestFile, { force: true });
  const trained = await trainKafka({ java: java.path, classPath, folder: kafkaFolder });
  writeManifest({
    version: kafkaVersion,
    java: java.path,
    javaVersion: java.version,
    classPath,
    logConfig: logConfigFile,
    ...trained,
  });
}

/** Optional, as Java is. */
export const steps = [
  {
    name: `Apache Kafka ${kafkaVersion}`,
    optional: lostWithoutJava,
    done: jarsReady,
    found: () => kafkaFolder,
    run: fetchJars,
    hint: `mvn -f ${pomFile} dependency:copy-dependencies fetches it; it needs Maven and its registry`,
  },
  {
    name: 'Kafka prepared for a fast start',
    optional: lostWithoutJava,
    done: prepared,
    found: () => manifestFile,
    run: prepare,
    hint: 'node setup/main.js again; if it fails again, delete the folder .cache',
  },
];
