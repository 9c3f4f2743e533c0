import { createHash } from 'node:crypto';
import { cpSync, existsSync, mkdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { dirname, join } from 'node:path';
import { runCommand } from './command.js';
import { headersArguments, nodeGypFile } from './node-gyp.js';

const root = dirname(import.meta.dirname);
const modules = join(root, 'node_modules');
const cache = join(modules, '.cache', 'consumer-cluster');
const name = '@confluentinc/kafka-javascript';
const folder = join(modules, name);
const builtFile = join(folder, 'build', 'Release', 'confluent-kafka-javascript.node');
const buildLog = join(root, '.cache', 'client-build.log');
/** The files that the patch changes, as released. */
const pristine = join(cache, 'client-pristine');
const appliedPatch = join(cache, 'client.patch');

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
 * The client's two steps; `npm ci --ignore-scripts` and `clientPackages` come before them. Each is done while its stamp
 * holds the hash of all that it depends on, and is done anew when one of those changes.
 */
export const steps = [
  {
    name: 'client patched',
    done: () => isStamped('client-patched', patchHash),
    run: patchClient,
    hint: `take the client as released, \`rm -r node_modules && npm ci --ignore-scripts\`, and try again`,
  },
  {
    name: 'client built',
    done: () => existsSync(builtFile) && isStamped('client-built', buildHash),
    run: buildClient,
    hint: `all of the output is in ${buildLog}; it takes these packages: apt-get install -y ${clientPackages.join(' ')}`,
  },
];

function patchFile() {
  const { version } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
  const file = join(root, 'patches', `${name.replace('/', '+')}+${version}.patch`);
  if (!existsSync(file)) throw new Error(`there is no patch for version ${version} of ${name}`);
  return file;
}

/** Another installation of the package, as released, is another hash. */
function patchHash() {
  const installed = statSync(join(folder, 'package.json'));
  return hash([readFileSync(patchFile()), `${installed.ino} ${installed.birthtimeMs}`]);
}

function buildHash() {
  return hash([patchHash(), process.versions.modules, process.platform, process.arch]);
}

function hash(parts) {
  const sha = createHash('sha256');
  for (const part of parts) sha.update(part).update('\0');
  return sha.digest('hex');
}

function isStamped(stamp, currentHash) {
  try {
    return readFileSync(join(cache, stamp), 'utf8') === currentHash();
  } catch {
    return false;
  }
}

function writeStamp(stamp, text) {
  mkdirSync(cache, { recursive: true });
  writeFileSync(join(cache, stamp), text);
}

/** @param {(line: string) => void} log */
async function patchClient(log) {
  // In an order that leaves a way on wherever this is cut off: while there is an applied patch, what it changed is kept.
  rmSync(join(cache, 'client-patched'), { force: true });
  const patch = readFileSync(patchFile(), 'utf8');
  if (existsSync(appliedPatch)) {
    log('taking the earlier patch back');
    restore(patchedFiles(readFileSync(appliedPatch, 'utf8')));
    rmSync(appliedPatch);
  }
  keep(patchedFiles(patch));
  writeFileSync(`${appliedPatch}.new`, patch);
  renameSync(`${appliedPatch}.new`, appliedPatch);
  const patchPackage = join(modules, 'patch-package', 'index.js');
  await runCommand(process.execPath, [patchPackage, '--error-on-fail', '--error-on-warn'], { cwd: root });
  writeStamp('client-patched', patchHash());
}

/** @returns {string[]} the files that a patch changes, adds or removes, within the package */
function patchedFiles(patch) {
  const prefix = `diff --git a/node_modules/${name}/`;
  const lines = patch.split('\n').filter((line) => line.startsWith(prefix));
  return lines.map((line) => line.slice(prefix.length, line.indexOf(' b/', prefix.length)));
}

function keep(files) {
  rmSync(pristine, { recursive: true, force: true });
  mkdirSync(pristine, { recursive: true });
  for (const file of files) if (existsSync(join(folder, file))) cpSync(join(folder, file), join(pristine, file));
}

function restore(files) {
  // The package was installed anew since, so it is as released.
  const installed = statSync(join(folder, 'package.json')).birthtimeMs;
  if (installed > statSync(appliedPatch).mtimeMs) return;
  for (const file of files) {
    rmSync(join(folder, file), { force: true });
    if (existsSync(join(pristine, file))) cpSync(join(pristine, file), join(folder, file));
  }
}

/** @param {(line: string) => void} log */
async function buildClient(log) {
  const jobs = String(availableParallelism());
  let output = '';
  const run = async (program, args) => {
    const env = { CKJS_LINKING: 'dynamic' };
    output += await runCommand(program, args, { cwd: folder, env, timeoutMs: 1_800_000 });
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
  writeStamp('client-built', buildHash());
}
