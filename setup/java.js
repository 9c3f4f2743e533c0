import { readFileSync, readdirSync, realpathSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { aptHint, installPackages } from './apt.js';
import { findProgram, isExecutable } from './command.js';
import { jarsReady, kafkaVersionByDefault } from './kafka-files.js';

const versionMin = 17;
const jvmFolder = '/usr/lib/jvm';

/** Printed wherever an optional step of this kind fails: the consequence of missing Java. */
export const lostWithoutJava = 'no managed brokers; --bootstrap-server HOST:PORT and --brokers mock work without them';

/**
 * @returns {{ path: string, version: string } | undefined} a Java that Kafka can run on: that of
 *   JAVA_HOME, otherwise that in PATH, otherwise another one of the system
 */
export function findJava() {
  for (const path of candidates()) {
    if (path === undefined || !isExecutable(path)) continue;
    const version = versionOf(path);
    if (version !== undefined && Number.parseInt(version, 10) >= versionMin)
      return { path: realpathSync(path), version };
  }
  return undefined;
}

function candidates() {
  const home = process.env.JAVA_HOME;
  return [home && join(home, 'bin', 'java'), findProgram('java'), ...systemJavas()];
}

function systemJavas() {
  try {
    return readdirSync(jvmFolder).map((name) => join(jvmFolder, name, 'bin', 'java'));
  } catch {
    return [];
  }
}

/**
 * Reads the `release` file that every JDK and JRE has: asking the program itself would cost 50 ms
 * at each start.
 */
function versionOf(java) {
  try {
    const release = readFileSync(join(dirname(dirname(realpathSync(java))), 'release'), 'utf8');
    return /^JAVA_VERSION="([^"]+)"/m.exec(release)?.[1];
  } catch {
    return undefined;
  }
}

/**
 * The environment of a Kafka process. It does not contain the user's locale, nor the variables by
 * which a user changes Java programs (JAVA_TOOL_OPTIONS, KAFKA_OPTS …). Under a Turkish locale
 * Kafka cannot read its own settings; in the C locale Java cannot open a file with a non-ASCII
 * name. `src/brokers/broker-environment.ts` has the same list.
 * @returns {Record<string, string>}
 */
export function brokerEnvironment() {
  const inherited = ['PATH', 'HOME', 'TMPDIR', 'TZ', 'LD_LIBRARY_PATH'].flatMap((name) =>
    process.env[name] === undefined ? [] : [[name, process.env[name]]],
  );
  return { ...Object.fromEntries(inherited), LC_ALL: 'C.UTF-8' };
}

const javaPackages = ['openjdk-17-jre-headless'];
const mavenPackages = ['maven'];

/**
 * These steps are optional, because only managed brokers need Java.
 * @param {string} kafkaVersion - the version that Maven would fetch
 */
export function javaSteps(kafkaVersion) {
  return [
    {
      name: `Java ${versionMin} or newer`,
      optional: lostWithoutJava,
      done: () => findJava() !== undefined,
      found: () => findJava()?.version,
      run: () => installPackages(javaPackages),
      hint: aptHint(javaPackages),
    },
    {
      name: 'Maven (fetches Kafka)',
      optional: lostWithoutJava,
      done: () => jarsReady(kafkaVersion) || findProgram('mvn') !== undefined,
      found: () => findProgram('mvn') ?? 'not needed: Kafka is installed',
      run: () => installPackages(mavenPackages),
      hint: aptHint(mavenPackages),
    },
  ];
}

export const steps = javaSteps(kafkaVersionByDefault);
