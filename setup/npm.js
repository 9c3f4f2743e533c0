import { mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { runCommand } from './command.js';
import { findHome, isWritable } from './home.js';
import { cacheFolder, root } from './project.js';

/**
 * Runs npm. It runs on the Node in PATH that it was installed with, which may differ from the one that the project uses,
 * so npm's check of `engines` is off. Without a home it gets one in .cache, and without a cache that it can write, too.
 * @param {readonly string[]} args
 * @returns {Promise<string>} what it wrote to stdout
 */
export async function runNpm(args) {
  const env = npmHome();
  const cache = (await runCommand('npm', ['config', 'get', 'cache'], { cwd: root, env })).trim();
  const settings = isWritable(cache) ? [] : [`--cache=${join(cacheFolder, 'npm')}`];
  return runCommand('npm', [...args, '--engine-strict=false', ...settings], { cwd: root, env });
}

/** A user without an entry in the password file, and without HOME, has no home: npm would not even start. */
function npmHome() {
  if (findHome() !== undefined) return {};
  const home = join(cacheFolder, 'home');
  mkdirSync(home, { recursive: true });
  return { HOME: home };
}

/**
 * Downloads a package and unpacks it below `folder`; runs none of its scripts.
 * @param {string} spec - `name@version`
 * @param {string} folder
 * @returns {Promise<string>} the folder with the package's files
 */
export async function downloadPackage(spec, folder) {
  mkdirSync(folder, { recursive: true });
  await runNpm(['pack', spec, '--ignore-scripts', '--prefer-offline', '--pack-destination', folder]);
  const archive = readdirSync(folder).find((name) => name.endsWith('.tgz'));
  // By default the super-user's tar restores the owners of the archive.
  await runCommand('tar', ['--extract', '--no-same-owner', '--file', archive], { cwd: folder });
  return join(folder, 'package');
}
