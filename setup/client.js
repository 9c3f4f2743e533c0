import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { runCommand } from './command.js';
import { headersArguments, nodeGypFile } from './node-gyp.js';
import { patchState } from './patch-hashes.js';

const root = dirname(import.meta.dirname);
const name = '@confluentinc/kafka-javascript';
const prefix = `node_modules/${name}/`;
const folder = join(root, prefix);
const builtFile = join(folder, 'build', 'Release', 'confluent-kafka-javascript.node');
const builtFrom = join(folder, 'build', 'consumer-cluster');
const buildLog = join(root, '.cache', 'client-build.log');

/** The files of librdkafka that the patch changes. */
const librdkafkaFiles = ['rdkafka.h', 'rdkafka_broker.c', 'rdkafka_cgrp.c', 'rdkafka_topic.c', 'rdkafka_topic.h'];

/** What the client is built with; Debian's names. */
export const clientPackages = [
  'g++',
  'make',
  'python3',
  'pkg-config',
  'libcurl4-openssl-dev',
  'libssl-dev',
  'libzstd-dev',
  'zlib1g-dev',
  'liblz4-dev',
  'libsasl2-dev',
];

/**
 * Link-time optimization: librdkafka calls small functions of other files for each record. With it a draining and counting
 * member took 4 to 5 % less processor time a record.
 */
const optimized = '-O3 -flto=auto -ffat-lto-objects -fno-semantic-interposition';
const buildEnvironment = { CKJS_LINKING: 'dynamic', CFLAGS: optimized, LDFLAGS: '-O3 -flto=auto' };

/** The client's two steps; `clientPackages` and `npm ci --ignore-scripts` come before them. */
export const steps = [
  {
    name: 'client patched',
    done: () => existsSync(folder) && state() === 'patched',
    run: patchClient,
    hint: 'take the client as released, `rm -r node_modules && npm ci --ignore-scripts`, and try again',
  },
  {
    name: 'client built',
    done: isBuilt,
    run: buildClient,
    hint: `all of the output is in ${buildLog}; it takes these packages: apt-get install -y ${clientPackages.join(' ')}`,
  },
];

function version() {
  return JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')).version;
}

function patchText() {
  const file = join(root, 'patches', `${name.replace('/', '+')}+${version()}.patch`);
  if (!existsSync(file)) throw new Error(`there is no patch for version ${version()} of ${name}`);
  return readFileSync(file, 'utf8');
}

function state() {
  return patchState(patchText(), folder, prefix);
}

/** @param {(line: string) => void} log */
async function patchClient(log) {
  if (state() !== 'released') {
    log('an earlier patch is in there: taking the client as released');
    await takeReleased();
    if (state() !== 'released') throw new Error(`the patch is not for ${name} ${version()} as released`);
  }
  const patchPackage = join(root, 'node_modules', 'patch-package', 'index.js');
  await runCommand(process.execPath, [patchPackage, '--error-on-fail', '--error-on-warn'], { cwd: root });
}

/** Replaces the sources, which is what the patch may change, by those of npm's package; npm has it in its cache. */
async function takeReleased() {
  const download = mkdtempSync(join(tmpdir(), 'consumer-cluster-'));
  try {
    const arguments_ = ['pack', '--ignore-scripts', '--prefer-offline', '--pack-destination', download];
    const output = await runCommand('npm', [...arguments_, '--json', `${name}@${version()}`], { cwd: root });
    const [{ filename }] = JSON.parse(output);
    const archive = join(download, filename.replace('/', '-').replace('@', ''));
    rmSync(join(folder, 'src'), { recursive: true, force: true });
    const librdkafka = librdkafkaFiles.map((file) => `deps/librdkafka/src/${file}`);
    const members = ['src', 'binding.gyp', ...librdkafka].map((member) => `package/${member}`);
    await runCommand('tar', [
      '--extract',
      '--file',
      archive,
      '--directory',
      folder,
      '--strip-components',
      '1',
      ...members,
    ]);
  } finally {
    rmSync(download, { recursive: true, force: true });
  }
}

function isBuilt() {
  return existsSync(builtFile) && existsSync(builtFrom) && readFileSync(builtFrom, 'utf8') === buildHash();
}

/** Of all that the built file depends on. */
function buildHash() {
  const sha = createHash('sha256');
  const built = [patchText(), version(), JSON.stringify(buildEnvironment)];
  for (const part of [...built, process.versions.modules, process.platform, process.arch]) {
    sha.update(`${part}\0`);
  }
  return sha.digest('hex');
}

/** @param {(line: string) => void} log */
async function buildClient(log) {
  const jobs = String(availableParallelism());
  let output = '';
  const run = async (program, args) => {
    output += await runCommand(program, args, { cwd: folder, env: buildEnvironment, timeoutMs: 1_800_000 });
  };
  try {
    // First by themselves: node-gyp's make does not wait for the one, and gives the other no limit of jobs.
    await run(process.execPath, [join('util', 'configure.js')]);
    log(`compiling with ${jobs} jobs, which takes a minute or two`);
    await run('make', ['-j', jobs, '-C', join('deps', 'librdkafka'), 'libs']);
    await run(process.execPath, [await nodeGypFile(), 'rebuild', '--jobs', jobs, ...headersArguments()]);
  } catch (error) {
    output += error.message;
    throw error;
  } finally {
    mkdirSync(dirname(buildLog), { recursive: true });
    writeFileSync(buildLog, output);
  }
  writeFileSync(builtFrom, buildHash());
}
