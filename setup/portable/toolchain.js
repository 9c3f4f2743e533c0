import { chmodSync, existsSync, readFileSync, renameSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { installPackages } from '../apt.js';
import { findProgram, runCommand } from '../command.js';
import { findHome } from '../home.js';
import { downloadWheel } from '../pip.js';
import { cacheFolder } from '../project.js';

const requirements = join(import.meta.dirname, 'ziglang.txt');

/** The compiler's version, as in ziglang.txt. */
export const zigVersion = /==(\S+)/.exec(readFileSync(requirements, 'utf8'))[1];
export const zigFolder = join(cacheFolder, `zig-${zigVersion}`);

/** Debian's packages, and the program that proves that each is installed. */
const tools = { 'python3-pip': 'pip3', python3: 'python3', cargo: 'cargo', binutils: 'nm' };

/**
 * The oldest C library that the portable client runs with: Node's own requirement. Zig contains the
 * symbols of every version.
 */
export const glibcOldest = '2.28';
const zigArchitectures = { x64: 'x86_64', arm64: 'aarch64' };

/** Downloads the compiler with pip, which compares its hash. */
export async function provideTools() {
  const missing = Object.keys(tools).filter((name) => findTool(tools[name]) === undefined);
  if (missing.length > 0) await installPackages(missing);
  if (existsSync(zigFolder)) return;
  const part = `${zigFolder}.part`;
  await downloadWheel(requirements, part);
  // A package of Python keeps no permissions.
  chmodSync(join(part, 'ziglang', 'zig'), 0o755);
  renameSync(part, zigFolder);
}

/**
 * @param {string} program
 * @returns {string | undefined} its path
 */
export function findTool(program) {
  const folder = rustupFolder();
  return findProgram(program) ?? (folder && findProgram(join(folder, program)));
}

/**
 * rustup installs cargo here, and only login shells have the folder in PATH. Undefined for a user
 * without a home.
 */
function rustupFolder() {
  const home = findHome();
  const cargoHome = process.env.CARGO_HOME ?? (home && join(home, '.cargo'));
  return cargoHome && join(cargoHome, 'bin');
}

/**
 * @param {{ architecture: 'x64' | 'arm64', workFolder: string }} options - `workFolder` receives
 *   temporary files
 * @returns {(language: 'c' | 'c++', args: readonly string[], options?: { cwd?: string }) =>
 *   Promise<string>} runs the compiler, which also links
 */
export function compiler({ architecture, workFolder }) {
  const target = `${zigArchitectures[architecture]}-linux-gnu.${glibcOldest}`;
  const caches = {
    // Zig's own libraries, compiled once per target.
    ZIG_GLOBAL_CACHE_DIR: join(dirname(zigFolder), 'zig-cache'),
    ZIG_LOCAL_CACHE_DIR: join(workFolder, 'zig-cache'),
  };
  const drivers = { c: 'cc', 'c++': 'c++' };
  return (language, args, { cwd } = {}) =>
    runCommand(join(zigFolder, 'ziglang', 'zig'), [drivers[language], '-target', target, ...args], {
      cwd,
      env: caches,
    });
}
