import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../project.js';
import { compileFiles } from './compile-files.js';
import { librdkafkaFile } from './librdkafka.js';

const flags = ['-std=c++20', '-O3', '-fvisibility=hidden', '-fno-exceptions'];
/** What node-gyp defines for every addon. */
const definitions = [
  'NODE_GYP_MODULE_NAME=confluent-kafka-javascript',
  'USING_UV_SHARED=1',
  'USING_V8_SHARED=1',
  '_FILE_OFFSET_BITS=64',
  '_LARGEFILE_SOURCE',
  'BUILDING_NODE_EXTENSION',
].map((definition) => `-D${definition}`);

/** Name of the addon for an ABI of Node, such as 147. */
export function addonName(abi) {
  return `node-v${abi}.node`;
}

/**
 * Compiles librdkafka's C++ interface, which does not depend on Node.
 * @returns {Promise<string[]>} its objects
 */
export function compileInterface({ compile, packageFolder, workFolder }) {
  const folder = join(packageFolder, 'deps', 'librdkafka', 'src-cpp');
  return compileFiles({
    ...{ compile, language: 'c++', folder, objectsFolder: join(workFolder, 'interface-objects') },
    files: readdirSync(folder).filter((file) => file.endsWith('.cpp')),
    // It includes ../config.h, which lies beside the copy of librdkafka's sources.
    flags: ['-O3', '-fvisibility=hidden', `-I${join(workFolder, 'librdkafka')}`],
  });
}

/**
 * Compiles the client's addon for one ABI of Node.
 * @param {object} options
 * @param {ReturnType<typeof import('./toolchain.js').compiler>} options.compile
 * @param {string} options.packageFolder - the patched client
 * @param {string} options.headersFolder - Node's headers
 * @param {string} options.abi
 * @param {string} options.workFolder
 * @returns {Promise<string[]>} the objects
 */
export function compileAddon({ compile, packageFolder, headersFolder, abi, workFolder }) {
  const librdkafka = join(packageFolder, 'deps', 'librdkafka');
  return compileFiles({
    ...{ compile, language: 'c++', folder: join(packageFolder, 'src') },
    objectsFolder: join(workFolder, `addon-objects-${abi}`),
    files: readdirSync(join(packageFolder, 'src')).filter((file) => file.endsWith('.cc')),
    flags: [
      ...[...flags, ...definitions, `-I${headersFolder}`, `-I${join(root, 'node_modules', 'nan')}`],
      ...[`-I${packageFolder}`, `-I${join(librdkafka, 'src')}`, `-I${join(librdkafka, 'src-cpp')}`],
    ],
  });
}

/**
 * Links an addon to the librdkafka beside it. Zig's C++ library becomes part of the addon, so the
 * addon must call no function of Node that takes or returns something of the C++ library;
 * check-library.js tests it.
 * @param {object} options
 * @param {ReturnType<typeof import('./toolchain.js').compiler>} options.compile
 * @param {readonly string[]} options.objects - of the addon and of librdkafka's C++ interface
 * @param {string} options.workFolder
 * @param {string} options.target - has librdkafka
 * @param {string} options.file - the addon
 */
export async function linkAddon({ compile, objects, workFolder, target, file }) {
  const exported = join(workFolder, 'addon.map');
  writeFileSync(exported, '{ global: node_register_module_v*; local: *; };\n');
  await compile('c++', [
    ...['-shared', '-s', '-O3', '-Wl,--gc-sections', `-Wl,--version-script=${exported}`, '-Wl,-rpath,$ORIGIN'],
    ...[...objects, join(target, librdkafkaFile), '-lpthread', '-ldl', '-lm', '-o', file],
  ]);
}
