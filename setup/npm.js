import { mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { runCommand } from './command.js';
import { runDownload } from './download.js';
import { findHome, isWritable } from './home.js';
import { cacheFolder, root } from './project.js';

/**
 * Runs npm on the Node in PATH with which it was installed. That Node may differ from the
 * project's, so npm's check of `engines` is off. Without a home, or without a writable cache, npm
 * gets one in .cache.
 * @param {readonly string[]} args
 * @param {typeof runCommand} [run]
 * @returns {Promise<string>} its stdout
 */
export async function runNpm(args, run = runCommand) {
  const env = npmHome();
  const cache = (await runCommand('npm', ['config', 'get', 'cache'], { cwd: root, env })).trim();
  const settings = isWritable(cache) ? [] : [`--cache=${join(cacheFolder, 'npm')}`];
  return run('npm', [...args, '--engine-strict=false', ...settings], { cwd: root, env });
}

/**
 * Runs an npm command that downloads. npm itself repeats a request only while it has received no
 * headers.
 * @param {readonly string[]} args
 * @param {{ emptyFolder?: string }} [options] - see `runDownload`
 */
export function downloadByNpm(args, { emptyFolder } = {}) {
  const name = `npm ${args[0]}`;
  return runNpm(args, (program, all, options) => runDownload(program, all, { ...options, name, emptyFolder }));
}

/**
 * A user without an entry in the password file, and without HOME, has no home. npm would not start
 * then.
 */
function npmHome() {
  if (findHome() !== undefined) return {};
  const home = join(cacheFolder, 'home');
  mkdirSync(home, { recursive: true });
  return { HOME: home };
}

/**
 * Downloads a package and unpacks it in `folder`, without running its scripts.
 * @param {string} spec - `name@version`
 * @param {string} folder - is emptied first
 * @returns {Promise<string>} the folder with the package's files
 */
export async function downloadPackage(spec, folder) {
  const args = ['pack', spec, '--ignore-scripts', '--prefer-offline', '--pack-destination', folder];
  await downloadByNpm(args, { emptyFolder: folder });
  const archive = readdirSync(folder).find((name) => name.endsWith('.tgz'));
  // By default, tar run by the super-user restores the owners in the archive.
  await runCommand('tar', ['--extract', '--no-same-owner', '--file', archive], { cwd: folder });
  return join(folder, 'package');
}
