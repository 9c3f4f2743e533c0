import { join } from 'node:path';
import { runDownload } from './download.js';
import { findPasswordFileHome, isWritable } from './home.js';
import { findJava } from './java.js';
import { pomFile } from './kafka-files.js';
import { cacheFolder } from './project.js';

/** Maven would wait 30 minutes for a server that no longer sends. */
const readTimeoutMs = 60_000;

/**
 * Runs Maven on the project's pom.xml.
 * @param {string} kafkaVersion - version of Apache Kafka
 * @param {readonly string[]} args - a goal and its properties
 */
export async function runMaven(kafkaVersion, args) {
  const flags = [
    '-B',
    '-q',
    // Rejects a file with a wrong checksum; by default Maven would only warn.
    '-C',
    // Asks again for a file that the repository did not have: by default Maven believes that for a
    // day, and a repository that is itself a proxy also says so when its own download has failed.
    '-U',
    '--no-transfer-progress',
    // The first is the name until Maven 3.8, the second since 3.9, which has another HTTP client.
    `-Dmaven.wagon.rto=${readTimeoutMs}`,
    `-Daether.connector.requestTimeout=${readTimeoutMs}`,
    ...localRepository(),
  ];
  // Maven finds only the Java in PATH. In the C locale Java could not write to a folder with a
  // non-ASCII name.
  const env = { JAVA_HOME: join(findJava().path, '..', '..'), LC_ALL: 'C.UTF-8' };
  const project = ['-f', pomFile, `-Dkafka.version=${kafkaVersion}`];
  await runDownload('mvn', [...flags, ...project, ...args], { name: 'mvn', env });
}

/**
 * Maven keeps downloads in the home that Java knows, or in .cache when that home does not exist or
 * is not writable.
 */
function localRepository() {
  const home = findPasswordFileHome();
  const usable = home !== undefined && isWritable(join(home, '.m2', 'repository'));
  return usable ? [] : [`-Dmaven.repo.local=${join(cacheFolder, 'm2')}`];
}
