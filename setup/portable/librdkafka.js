import { cpSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { compileFiles } from './compile-files.js';

/** Its own name, so that it never replaces or becomes the system's librdkafka. */
export const librdkafkaFile = 'libconsumer-cluster-rdkafka.so.1';

const settings = import.meta.dirname;
/** librdkafka calls small functions of other files for each record: see client-environment.js. */
const optimized = ['-O3', '-flto', '-fno-semantic-interposition'];
/** Compiled for Windows, for Cyrus SASL, or in place of the C library's regular expressions. */
const rdkafkaUnused = /win32|sasl_cyrus|^regexp/;
const curlUnused = /amigaos|win32|macos|schannel|sspi|dllmain|vquic\/curl_/;

/**
 * Compiles librdkafka with curl and zstd. OpenSSL and zlib are not contained: Node exports theirs to
 * addons, so that a process has one OpenSSL, which is updated with Node.
 * @param {object} options
 * @param {ReturnType<typeof import('./toolchain.js').compiler>} options.compile
 * @param {'x64' | 'arm64'} options.architecture
 * @param {string} options.packageFolder - the patched client
 * @param {Awaited<ReturnType<typeof import('./c-sources.js').cSources>>} options.sources
 * @param {string} options.headersFolder - Node's headers, with those of OpenSSL and zlib
 * @param {string} options.workFolder
 * @returns {Promise<string[]>} the objects
 */
export async function compileLibrdkafka({ compile, architecture, packageFolder, sources, headersFolder, workFolder }) {
  const [curl, zstd] = ['curl', 'zstd'].map((wanted) => sources.find(({ name }) => name === wanted).folder);
  const rdkafka = join(workFolder, 'librdkafka');
  cpSync(join(packageFolder, 'deps', 'librdkafka', 'src'), rdkafka, { recursive: true });
  cpSync(join(settings, 'librdkafka_config.h'), join(workFolder, 'config.h'));
  const compiled = (name, options) =>
    compileFiles({ compile, language: 'c', objectsFolder: join(workFolder, `${name}-objects`), ...options });
  return [
    ...(await compiled('zstd', {
      folder: join(zstd, 'lib'),
      files: cFiles(join(zstd, 'lib')).filter((file) => /^(common|compress|decompress)\//.test(file)),
      flags: ['-O3', '-fvisibility=hidden', '-DZSTD_DISABLE_ASM', '-DZSTD_TRACE=0'],
    })),
    ...(await compiled('curl', {
      folder: join(curl, 'lib'),
      files: cFiles(join(curl, 'lib')).filter((file) => !curlUnused.test(file)),
      flags: [
        ...['-O2', '-fvisibility=hidden', '-D_GNU_SOURCE', '-DHAVE_CONFIG_H', '-DBUILDING_LIBCURL', '-DCURL_STATICLIB'],
        ...includes(settings, join(curl, 'lib'), join(curl, 'include'), headersFolder),
      ],
    })),
    ...(await compiled('certificates', {
      folder: settings,
      files: ['certificates.c'],
      flags: ['-O2', ...includes(headersFolder)],
    })),
    ...(await compiled('librdkafka', {
      folder: rdkafka,
      files: cFiles(rdkafka).filter((file) => !rdkafkaUnused.test(file)),
      flags: [
        ...optimized,
        '-DCURL_STATICLIB',
        '-DSSL_CTX_set_default_verify_paths=portable_default_verify_paths',
        `-DRDKAFKA_VERSION_STR="${versionOf(rdkafka)}"`,
        ...(architecture === 'x64' ? ['-DWITH_CRC32C_HW=1'] : []),
        ...includes('.', workFolder, headersFolder, join(zstd, 'lib'), join(curl, 'include')),
      ],
    })),
  ];
}

/**
 * Links librdkafka's objects, which optimizes all of them together: a minute on one processor.
 * @param {object} options
 * @param {ReturnType<typeof import('./toolchain.js').compiler>} options.compile
 * @param {readonly string[]} options.objects
 * @param {string} options.workFolder
 * @param {string} options.target - receives the library
 */
export async function linkLibrdkafka({ compile, objects, workFolder, target }) {
  const exported = join(workFolder, 'librdkafka.map');
  writeFileSync(exported, '{ global: rd_kafka_*; local: *; };\n');
  mkdirSync(target, { recursive: true });
  await compile('c', [
    ...['-shared', '-s', ...optimized, '-Wl,--gc-sections', `-Wl,-soname,${librdkafkaFile}`],
    ...[`-Wl,--version-script=${exported}`, ...objects, '-lpthread', '-ldl', '-lm'],
    ...['-o', join(target, librdkafkaFile)],
  ]);
}

function cFiles(folder) {
  return readdirSync(folder, { recursive: true }).filter((file) => file.endsWith('.c'));
}

function includes(...folders) {
  return folders.map((folder) => `-I${folder}`);
}

/** RD_KAFKA_VERSION is 0xMMmmrrxx. */
function versionOf(folder) {
  const [, digits] = /#define +RD_KAFKA_VERSION +0x([0-9a-f]{8})/.exec(readFileSync(join(folder, 'rdkafka.h'), 'utf8'));
  return [0, 2, 4].map((at) => parseInt(digits.slice(at, at + 2), 16)).join('.');
}
