import { mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { runCommand } from './command.js';
import { root } from './project.js';

/**
 * Runs npm. It runs on the Node in PATH that it was installed with, which may differ from the one that the project uses,
 * so npm's check of `engines` is off.
 * @param {readonly string[]} args
 * @returns {Promise<string>} what it wrote to stdout
 */
export function runNpm(args) {
  return runCommand('npm', [...args, '--engine-strict=false'], { cwd: root });
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
  await runCommand('tar', ['--extract', '--file', archive], { cwd: folder });
  return join(folder, 'package');
}
