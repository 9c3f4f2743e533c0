import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, readFileSync, readdirSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { runCommand } from '../command.js';
import { kafkaFiles, kafkaVersionByDefault, jarsReady } from '../kafka-files.js';
import { trainKafka } from '../kafka-training.js';
import { pinnedNodeFolder } from '../node-versions.js';
import { addonName } from '../portable/addon.js';
import { librdkafkaFile } from '../portable/librdkafka.js';
import { providePortableClient } from '../portable/portable-client.js';
import { root } from '../project.js';
import { provideJava } from './java-runtime.js';
import { copyPackages } from './node-packages.js';
import { step } from './step.js';
import { carryLibraries } from './system-libraries.js';

/**
 * The time of all files, in seconds since 1970. The JVM's archives of classes are valid only for
 * jars with the time that they had when the archives were made.
 */
export const fileTimeSeconds = 1_767_225_600;

/** Files of the checkout that the program reads. */
const programFiles = ['package.json', 'LICENSE', 'dist', 'scenarios', 'setup/kafka/versions.json'];

/**
 * Fills a folder with everything that the program needs, laid out like a checkout: the program finds
 * its files in the same places (src/installation.ts).
 * @param {string} folder - is replaced
 * @returns {Promise<string[]>} Debian's packages of the libraries that it contains
 */
export async function stageProgram(folder) {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(join(folder, 'bin'), { recursive: true });
  await step('Node', async () => {
    cpSync(join(pinnedNodeFolder, 'bin', 'node'), join(folder, 'bin', 'node'));
    await runCommand('strip', [join(folder, 'bin', 'node')]);
  });
  const programs = [join(folder, 'bin', 'node')];
  const log = (line) => process.stderr.write(`\n  ${line}`);
  const client = await step('portable client', () => providePortableClient({ architecture: process.arch, log }));
  await step('program and packages', async () => {
    for (const name of programFiles) cpSync(join(root, name), join(folder, name), { recursive: true });
    for (const name of ['.tsbuildinfo', '.source-hash']) rmSync(join(folder, 'dist', name), { force: true });
    copyPackages(folder);
    for (const file of copyClient(client, folder)) programs.push(file);
    writeFileSync(join(folder, 'installation.json'), `${JSON.stringify(facts(), undefined, 2)}\n`);
  });
  const libraries = await step('system libraries', () => carryLibraries(programs, join(folder, 'lib')));
  await step('Java runtime', () => provideJava(join(folder, '.cache', 'java')));
  await step(`Kafka ${kafkaVersionByDefault}, with archives of its classes`, () => stageKafka(folder));
  return libraries;
}

/**
 * Copies the portable client for the pinned Node to the place where the program looks for it.
 * @returns {string[]} the addon and its library
 */
function copyClient(client, folder) {
  const target = join(folder, 'native', `linux-${process.arch}`);
  return [librdkafkaFile, addonName(process.versions.modules)].map((name) => {
    cpSync(join(client, name), join(target, name));
    return join(target, name);
  });
}

/**
 * `src/installation.ts` reads this file; a checkout and an npm package have none. git may be missing,
 * and refuses a checkout that belongs to another user.
 */
function facts() {
  const git = (...args) => execFileSync('git', args, { cwd: root, encoding: 'utf8' }).trim();
  if (!existsSync(join(root, '.git'))) return {};
  try {
    return { git: { revision: git('rev-parse', 'HEAD'), dirty: git('status', '--porcelain') !== '' } };
  } catch {
    return {};
  }
}

async function stageKafka(folder) {
  const version = kafkaVersionByDefault;
  if (!jarsReady(version)) {
    const hint = 'install Java and Maven, then run npm run package again (npm start -- doctor shows what is missing)';
    throw Object.assign(new Error(`Apache Kafka ${version} is not installed in this folder`), { hint });
  }
  const cache = join(folder, '.cache');
  const kafka = join(cache, `kafka-${version}`);
  cpSync(kafkaFiles(version).jars, join(kafka, 'jars'), { recursive: true });
  cpSync(join(root, 'setup', 'kafka', 'log4j2.properties'), join(kafka, 'log4j2.properties'));
  setTimes(cache);
  const java = join(cache, 'java', 'bin', 'java');
  await runCommand(java, ['-Xshare:dump', '-Xlog:all=off', '-Xlog:all=error:stderr']);
  setTimes(cache);
  const jars = readdirSync(join(kafka, 'jars')).sort();
  const trained = await trainKafka({ java, jars, folder: kafka });
  if (trained.classArchive === undefined) throw new Error('the bundled Java did not create an archive of classes');
  const manifest = {
    ...{ version, folder: `kafka-${version}`, java: 'java/bin/java', javaVersion: javaVersionOf(cache), jars },
    ...{ logConfig: `kafka-${version}/log4j2.properties`, ...trained },
  };
  writeFileSync(join(cache, `kafka-${version}.json`), `${JSON.stringify(manifest, undefined, 2)}\n`);
}

function javaVersionOf(cache) {
  return /^JAVA_VERSION="([^"]+)"/m.exec(readFileSync(join(cache, 'java', 'release'), 'utf8'))[1];
}

function setTimes(folder) {
  for (const name of readdirSync(folder, { recursive: true })) {
    utimesSync(join(folder, name), fileTimeSeconds, fileTimeSeconds);
  }
}
