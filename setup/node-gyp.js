import { existsSync, readFileSync, realpathSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { findProgram, runCommand } from './command.js';
import { cacheFolder } from './project.js';

/**
 * Finds node-gyp, which is part of npm.
 * @returns {Promise<string>} its program file
 * @throws {Error} when this npm has no node-gyp
 */
export async function nodeGypFile() {
  const npm = findProgram('npm');
  if (npm === undefined) throw new Error('npm was not found in PATH');
  const besideNpm = join(dirname(dirname(realpathSync(npm))), 'node_modules');
  const inNpm = async () => join((await runCommand('npm', ['root', '--global'])).trim(), 'npm', 'node_modules');
  for (const folder of [() => besideNpm, inNpm]) {
    const file = join(await folder(), 'node-gyp', 'bin', 'node-gyp.js');
    if (existsSync(file)) return file;
  }
  throw new Error('npm does not include node-gyp');
}

/**
 * The running Node's headers. Packages and archives of Node contain them; otherwise node-gyp
 * downloads them.
 * @returns {string[]} arguments for node-gyp
 */
export function headersArguments() {
  const prefix = dirname(dirname(process.execPath));
  return headersVersion(join(prefix, 'include', 'node', 'node_version.h')) === process.versions.node
    ? [`--nodedir=${prefix}`]
    : [`--target=${process.versions.node}`, `--devdir=${join(cacheFolder, 'node-gyp')}`];
}

function headersVersion(file) {
  if (!existsSync(file)) return undefined;
  const text = readFileSync(file, 'utf8');
  const part = (name) => new RegExp(`^#define NODE_${name}_VERSION (\\d+)$`, 'm').exec(text)?.[1];
  return ['MAJOR', 'MINOR', 'PATCH'].map(part).join('.');
}
