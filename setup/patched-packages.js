import { existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { runCommand } from './command.js';
import { downloadPackage } from './npm.js';
import { patchState } from './patch-hashes.js';
import { cacheFolder, root } from './project.js';

const patchesFolder = join(root, 'patches');

/** patch-package names a patch `@scope+name+version.patch`. */
const packages = readdirSync(patchesFolder)
  .filter((file) => file.endsWith('.patch'))
  .map((file) => {
    const parts = file.slice(0, -'.patch'.length).split('+');
    const version = parts.pop();
    const name = parts.join('/');
    return { name, version, text: readFileSync(join(patchesFolder, file), 'utf8'), prefix: `node_modules/${name}/` };
  });

/**
 * @returns {{ version: string, text: string }} the patch of the package, and the version that it
 *   applies to
 */
export function patchOf(name) {
  return packages.find((patched) => patched.name === name);
}

export const steps = [
  {
    name: 'npm packages patched',
    done: () => packages.every((patched) => state(patched) === 'patched'),
    found: () => packages.map(({ name, version }) => `${name} ${version}`).join(', '),
    run: patchPackages,
    hint: 'rm -r node_modules && node setup/main.js',
  },
];

function state({ text, prefix, version }) {
  const folder = join(root, prefix);
  const installed = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')).version;
  if (installed !== version) throw new Error(`the patch is for ${prefix} ${version}, but ${installed} is installed`);
  return patchState(text, folder, prefix);
}

/** @param {(line: string) => void} log */
async function patchPackages(log) {
  for (const patched of packages) {
    if (state(patched) !== 'neither') continue;
    log(`${patched.name} has a different patch: restoring the released package`);
    await restoreReleased(patched);
    if (state(patched) !== 'released') throw new Error(`the patch does not apply to the released ${patched.name}`);
  }
  const patchPackage = join(root, 'node_modules', 'patch-package', 'index.js');
  await runCommand(process.execPath, [patchPackage, '--error-on-fail', '--error-on-warn'], { cwd: root });
}

/**
 * Replaces the installed package by the one in npm's cache. Packages that npm has installed inside
 * it stay.
 */
async function restoreReleased({ name, version, prefix }) {
  mkdirSync(cacheFolder, { recursive: true });
  const download = mkdtempSync(join(cacheFolder, 'released-'));
  try {
    const released = await downloadPackage(`${name}@${version}`, download);
    const folder = join(root, prefix);
    const nested = join(folder, 'node_modules');
    if (existsSync(nested)) renameSync(nested, join(released, 'node_modules'));
    rmSync(folder, { recursive: true });
    renameSync(released, folder);
  } finally {
    rmSync(download, { recursive: true, force: true });
  }
}
