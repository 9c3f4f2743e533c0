import { createHash } from 'node:crypto';
import {
  cpSync,
  existsSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
} from 'node:fs';
import { basename, dirname, join, relative } from 'node:path';
import { addonFile, compilationHint, compileClient, publish } from './client-build.js';
import { linkFlags, optimization } from './client-environment.js';
import { runCommand } from './command.js';
import { patchOf } from './patched-packages.js';
import { librdkafkaFile } from './portable/librdkafka.js';
import { portableAddon } from './portable/portable-client.js';
import { cacheFolder, root } from './project.js';

const name = '@confluentinc/kafka-javascript';
const packageFolder = join(root, 'node_modules', name);
const clientFolder = join(cacheFolder, 'client');
/**
 * One of the folders in which the package `bindings` looks, and the only one that differs by ABI.
 */
const abi = `node-v${process.versions.modules}-${process.platform}-${process.arch}`;
const bindingLink = join(packageFolder, 'lib', 'binding', abi);
/**
 * Number of builds for other patches and other Node versions that are kept, so that a change back
 * costs nothing.
 */
const keptMax = 12;

/** Debian's packages that the client needs to be built. */
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

/** Requires `clientPackages`, `npm ci --ignore-scripts` and the patch. */
export const steps = [
  {
    name: `client built for Node ${process.versions.node.split('.')[0]}`,
    done: () => isCompiled() && existsSync(bindingLink) && realpathSync(bindingLink) === realpathSync(addonFolder()),
    found: () => `${relative(root, addonFolder())}, loaded in a worker thread`,
    check: () => loadClient(bindingLink),
    run: provideClient,
    hint: `${compilationHint}; it needs these packages: apt-get install -y ${clientPackages.join(' ')}`,
    checkHint: `rm -r ${clientFolder} && node setup/main.js`,
  },
];

/** True when nothing has to be compiled. */
export function isCompiled() {
  return existsSync(addonFolder());
}

/** The client that was compiled here, or else the portable one if it exists: it costs no time. */
function addonFolder() {
  const compiled = join(clientFolder, `${abi}-${hash(process.versions.modules)}`);
  const portable = portableAddon(process.versions.modules);
  if (portable === undefined || existsSync(compiled)) return compiled;
  return join(clientFolder, `${abi}-${basename(dirname(portable))}`);
}

function librdkafkaFolder() {
  return join(clientFolder, `librdkafka-${hash()}`);
}

/**
 * Hashes everything that determines the build. The path is not included, so a copy of another
 * checkout's cache works as well.
 */
function hash(...more) {
  const { version, text } = patchOf(name);
  const parts = [version, text, optimization, linkFlags, process.platform, process.arch, distribution(), ...more];
  const sha = createHash('sha256');
  for (const part of parts) sha.update(`${part}\0`);
  return sha.digest('hex').slice(0, 16);
}

/** A checkout may be shared by containers whose system libraries differ. */
function distribution() {
  const file = '/etc/os-release';
  const text = existsSync(file) ? readFileSync(file, 'utf8') : '';
  return text
    .split('\n')
    .filter((line) => /^(ID|VERSION_ID)=/.test(line))
    .sort()
    .join();
}

/** @param {(line: string) => void} log */
async function provideClient(log) {
  const folder = addonFolder();
  if (existsSync(folder)) {
    try {
      await loadClient(folder);
    } catch (error) {
      log(`the cached client cannot be loaded and is rebuilt: ${error.message}`);
      for (const path of [folder, librdkafkaFolder()]) rmSync(path, { recursive: true, force: true });
    }
  }
  if (!existsSync(folder)) {
    const portable = portableAddon(process.versions.modules);
    if (portable === undefined) {
      await compileClient({ packageFolder, librdkafkaFolder: librdkafkaFolder(), addonFolder: folder, log });
    } else {
      await publish(folder, (part) => {
        cpSync(portable, join(part, addonFile));
        cpSync(join(dirname(portable), librdkafkaFile), join(part, librdkafkaFile));
      });
    }
    await loadClient(folder).catch((error) => {
      rmSync(folder, { recursive: true });
      throw error;
    });
    prune();
  }
  // Earlier versions of the set-up built here, where `bindings` looks first.
  rmSync(join(packageFolder, 'build'), { recursive: true, force: true });
  mkdirSync(dirname(bindingLink), { recursive: true });
  const part = `${bindingLink}.part`;
  rmSync(part, { force: true });
  symlinkSync(relative(dirname(bindingLink), folder), part);
  renameSync(part, bindingLink);
}

/** Loads the addon as the program does: in a worker thread of the running Node. */
async function loadClient(folder) {
  await runCommand(process.execPath, [join(root, 'setup', 'load-client.js'), join(folder, addonFile)]);
}

function prune() {
  const folders = readdirSync(clientFolder).map((entry) => join(clientFolder, entry));
  const newestFirst = folders.sort((one, other) => statSync(other).mtimeMs - statSync(one).mtimeMs);
  for (const folder of newestFirst.slice(keptMax)) rmSync(folder, { recursive: true, force: true });
}
