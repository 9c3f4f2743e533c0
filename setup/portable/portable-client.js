import { createHash } from 'node:crypto';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { runCommand } from '../command.js';
import { patchOf } from '../patched-packages.js';
import { cacheFolder, root } from '../project.js';
import { addonName, compileAddon, compileInterface, linkAddon } from './addon.js';
import { cSources } from './c-sources.js';
import { checkLibrary } from './check-library.js';
import { compileLibrdkafka, librdkafkaFile, linkLibrdkafka } from './librdkafka.js';
import { abiOf, leastNodes, provideNode } from './packaged-nodes.js';
import { compiler, provideTools, zigFolder } from './toolchain.js';

const name = '@confluentinc/kafka-javascript';
const packageFolder = join(root, 'node_modules', name);
const portableFolder = join(cacheFolder, 'portable');

/** Files of this folder that don't influence the result. */
const noInput = ['check-library.js', 'components.js', 'main.js', 'print-node.js'];

/** Hashes everything that determines the build: the patched client and this folder. */
function hash() {
  const { version, text } = patchOf(name);
  const files = readdirSync(import.meta.dirname)
    .filter((file) => !noInput.includes(file))
    .sort();
  const contents = files.map((file) => readFileSync(join(import.meta.dirname, file), 'utf8'));
  const sha = createHash('sha256');
  for (const part of [version, text, ...contents]) sha.update(`${part}\0`);
  return sha.digest('hex').slice(0, 16);
}

/** @param {'x64' | 'arm64'} architecture */
function portableClientFolder(architecture) {
  return join(portableFolder, `linux-${architecture}-${hash()}`);
}

/**
 * @param {string} abi - of Node
 * @returns {string | undefined} the addon for this processor, if the portable client has been built;
 *   librdkafka is beside it
 */
export function portableAddon(abi) {
  const file = join(portableClientFolder(process.arch), addonName(abi));
  return existsSync(file) ? file : undefined;
}

/**
 * Builds the client for machines without its libraries: one librdkafka, an addon for each supported
 * ABI of Node, and the licenses of what they contain. Nothing is done if they exist.
 * @param {object} options
 * @param {'x64' | 'arm64'} options.architecture
 * @param {(line: string) => void} options.log
 * @returns {Promise<string>} the folder with the result
 */
export async function providePortableClient({ architecture, log }) {
  const folder = portableClientFolder(architecture);
  if (existsSync(folder)) return folder;
  mkdirSync(portableFolder, { recursive: true });
  for (const entry of readdirSync(portableFolder)) {
    if (entry.startsWith(`linux-${architecture}-`) || entry.startsWith('work-')) {
      rmSync(join(portableFolder, entry), { recursive: true });
    }
  }
  const workFolder = mkdtempSync(join(portableFolder, 'work-'));
  try {
    log('downloading the compiler and the C libraries');
    await provideTools();
    const target = join(workFolder, 'result');
    await build({ architecture, workFolder, target, log });
    renameSync(target, folder);
  } finally {
    rmSync(workFolder, { recursive: true, force: true });
  }
  return folder;
}

async function build({ architecture, workFolder, target, log }) {
  const sources = await cSources();
  const nodes = [];
  for (const version of leastNodes) {
    const folder = await provideNode(version);
    nodes.push({ folder, abi: abiOf(folder), headersFolder: join(folder, 'include', 'node') });
  }
  const common = {
    compile: compiler({ architecture, workFolder }),
    architecture,
    packageFolder,
    sources,
    workFolder,
    target,
  };
  log('compiling librdkafka');
  // The oldest Node has the oldest OpenSSL.
  const objects = await compileLibrdkafka({ ...common, headersFolder: nodes[0].headersFolder });
  log('compiling the addons');
  const [, interfaceObjects, addonObjects] = await Promise.all([
    linkLibrdkafka({ ...common, objects }),
    compileInterface(common),
    compileAddons(nodes, common),
  ]);
  for (const [at, { abi }] of nodes.entries()) {
    const file = join(target, addonName(abi));
    await linkAddon({ ...common, objects: [...interfaceObjects, ...addonObjects[at]], file });
  }
  await checkAll({ nodes, architecture, target });
  copyLicenses({ sources, target });
}

async function compileAddons(nodes, common) {
  const objects = [];
  for (const { abi, headersFolder } of nodes) objects.push(await compileAddon({ ...common, abi, headersFolder }));
  return objects;
}

/** Another architecture's addons cannot be loaded here, and its Node is not here either. */
async function checkAll({ nodes, architecture, target }) {
  const isNative = architecture === process.arch;
  for (const { folder, abi } of nodes) {
    const program = join(folder, 'bin', 'node');
    const node = isNative ? program : undefined;
    const addon = join(target, addonName(abi));
    await checkLibrary({ file: join(target, librdkafkaFile), exported: /^rd_kafka_/, node });
    await checkLibrary({ file: addon, exported: /^node_register_module_v\d+$/, node });
    if (isNative) await runCommand(program, [join(root, 'setup', 'load-client.js'), addon]);
  }
}

function copyLicenses({ sources, target }) {
  const from = (folder) => (sources.find((source) => source.name === folder) ?? {}).folder;
  const files = {
    'kafka-javascript.txt': join(packageFolder, 'LICENSE.txt'),
    'librdkafka.txt': join(packageFolder, 'deps', 'librdkafka', 'LICENSES.txt'),
    'curl.txt': join(from('curl'), 'COPYING'),
    'zstd.txt': join(from('zstd'), 'LICENSE'),
    'libcxx.txt': join(zigFolder, 'ziglang', 'lib', 'libcxx', 'LICENSE.TXT'),
  };
  mkdirSync(join(target, 'licenses'));
  for (const [file, source] of Object.entries(files)) cpSync(source, join(target, 'licenses', file));
}
