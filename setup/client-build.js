import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { cleanEnvironment, linkFlags, optimization } from './client-environment.js';
import { runCommand } from './command.js';
import { headersArguments, nodeGypFile } from './node-gyp.js';
import { cacheFolder, root } from './project.js';

const buildLog = join(cacheFolder, 'client-compilation.log');
export const addonFile = 'confluent-kafka-javascript.node';
const libraries = [
  { source: 'src', file: 'librdkafka.so.1', link: 'librdkafka.so' },
  { source: 'src-cpp', file: 'librdkafka++.so.1', link: 'librdkafka++.so' },
];
const timeoutMs = 1_800_000;
const workPrefix = 'client-build-';

/**
 * Compiles the client's native part in a copy of its package, which is deleted afterwards.
 * @param {object} options
 * @param {string} options.packageFolder - the patched package
 * @param {string} options.librdkafkaFolder - receives librdkafka, unless it exists: it does not
 *   depend on the Node version
 * @param {string} options.addonFolder - receives the addon for the running Node and, beside it,
 *   librdkafka
 * @param {(line: string) => void} options.log
 */
export async function compileClient({ packageFolder, librdkafkaFolder, addonFolder, log }) {
  mkdirSync(cacheFolder, { recursive: true });
  removeRemains();
  const workFolder = mkdtempSync(join(buildPlace(), workPrefix));
  const output = [];
  try {
    const folder = copyPackage(packageFolder, workFolder);
    const jobs = String(availableParallelism());
    log(`compiling with ${jobs} jobs, which takes one to two minutes`);
    const run = async (program, args, env) => {
      const options = { cwd: folder, env: { ...cleanEnvironment(), TMPDIR: workFolder, ...env }, timeoutMs };
      output.push(await runCommand(program, args, options));
    };
    if (!existsSync(librdkafkaFolder)) await compileLibrdkafka({ run, folder, jobs, librdkafkaFolder });
    await compileAddon({ run, folder, jobs, librdkafkaFolder, addonFolder });
  } catch (error) {
    output.push(error.message);
    throw error;
  } finally {
    writeFileSync(buildLog, output.join('\n'));
    rmSync(workFolder, { recursive: true, force: true });
  }
}

/** Removes the copies of set-ups that were killed; no other set-up works in this checkout now. */
function removeRemains() {
  const names = readdirSync(cacheFolder).filter((name) => name.startsWith(workPrefix));
  for (const name of names) rmSync(join(cacheFolder, name), { recursive: true, force: true });
}

/**
 * Folder for the build. librdkafka's configure script and makefiles can't handle a path with spaces
 * or other special characters.
 */
function buildPlace() {
  const place = [cacheFolder, tmpdir(), '/tmp', '/var/tmp'].find((path) => /^[\w./+-]+$/.test(path));
  return place ?? tmpdir();
}

function copyPackage(packageFolder, workFolder) {
  const modules = join(workFolder, 'node_modules');
  const folder = join(modules, 'client');
  const skipped = [join(packageFolder, 'build'), join(packageFolder, 'lib', 'binding')];
  // Files that a developer of the patch has compiled in the package are not copied.
  const compiled = /\.(o|lo|d|a|so)$|\.so\.\d+$|\/deps\/librdkafka\/(Makefile\.config|config\.(h|cache|log.*))$/;
  const filter = (source) => !skipped.includes(source) && !compiled.test(source);
  cpSync(packageFolder, folder, { recursive: true, filter });
  cpSync(join(root, 'node_modules', 'nan'), join(modules, 'nan'), { recursive: true });
  return folder;
}

async function compileLibrdkafka({ run, folder, jobs, librdkafkaFolder }) {
  const env = { CKJS_LINKING: 'dynamic', CFLAGS: optimization, LDFLAGS: linkFlags };
  await run(process.execPath, [join('util', 'configure.js')], env);
  await run('make', ['-j', jobs, '-C', join('deps', 'librdkafka'), 'libs'], env);
  await publish(librdkafkaFolder, async (part) => {
    for (const { source, file, link } of libraries) {
      cpSync(join(folder, 'deps', 'librdkafka', source, file), join(part, file));
      await run('strip', ['--strip-debug', join(part, file)]);
      symlinkSync(file, join(part, link));
    }
  });
}

/**
 * Compiles the addon as if against the system's librdkafka, but with this one: its headers are
 * passed with -iquote, which precedes the system's folders.
 */
async function compileAddon({ run, folder, jobs, librdkafkaFolder, addonFolder }) {
  const linked = join(folder, 'linked');
  cpSync(librdkafkaFolder, linked, { recursive: true, verbatimSymlinks: true });
  const headers = ['src', 'src-cpp'].map((name) => `-iquote ${join(folder, 'deps', 'librdkafka', name)}`);
  const env = {
    BUILD_LIBRDKAFKA: '0',
    CKJS_LINKING: 'dynamic',
    CXXFLAGS: headers.join(' '),
    LDFLAGS: `${linkFlags} -L${linked} -Wl,-rpath,'$$ORIGIN'`,
  };
  await run(process.execPath, [await nodeGypFile(), 'rebuild', '--jobs', jobs, ...headersArguments()], env);
  await publish(addonFolder, async (part) => {
    cpSync(join(folder, 'build', 'Release', addonFile), join(part, addonFile));
    await run('strip', ['--strip-debug', join(part, addonFile)]);
    for (const { file } of libraries) cpSync(join(librdkafkaFolder, file), join(part, file));
  });
}

/** Fills a folder that appears under its name only when it is complete. */
export async function publish(folder, fill) {
  const part = `${folder}.part`;
  rmSync(part, { recursive: true, force: true });
  mkdirSync(part, { recursive: true });
  await fill(part);
  rmSync(folder, { recursive: true, force: true });
  renameSync(part, folder);
}

/** Names the file with the complete output of the last compilation. */
export const compilationHint = `see ${buildLog}`;
