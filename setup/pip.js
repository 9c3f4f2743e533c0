import { readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { runCommand } from './command.js';
import { runDownload } from './download.js';

const flags = ['--quiet', '--no-deps', '--only-binary=:all:', '--require-hashes'];

/**
 * Downloads a Python package with pip, which compares its hash, and unpacks it.
 * @param {string} requirements - a file that names one package with its hashes
 * @param {string} folder - is emptied first
 * @param {readonly string[]} [args] - further arguments of `pip download`
 */
export async function downloadWheel(requirements, folder, args = []) {
  const command = ['-m', 'pip', 'download', ...flags, ...args, '--dest', folder, '-r', requirements];
  await runDownload('python3', command, { name: 'pip download', emptyFolder: folder });
  const [wheel] = readdirSync(folder);
  await runCommand('python3', ['-m', 'zipfile', '-e', join(folder, wheel), folder]);
  rmSync(join(folder, wheel));
}
