import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { downloadByNpm } from './npm.js';
import { root } from './project.js';

/**
 * npm writes node_modules/.package-lock.json last. The file is therefore both the list of installed
 * packages and the proof that the installation was completed. Packages for other platforms are only
 * in the lock file.
 */
function installed() {
  const have = readPackages(join(root, 'node_modules', '.package-lock.json'));
  const want = readPackages(join(root, 'package-lock.json'));
  return Object.entries(want).every(([folder, { version, integrity, optional, peer }]) => {
    if (folder === '') return true;
    const found = have[folder];
    if (found === undefined) return optional === true || peer === true;
    return found.version === version && found.integrity === integrity;
  });
}

function readPackages(file) {
  return existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')).packages : { missing: {} };
}

const command = ['ci', '--ignore-scripts', '--include=dev', '--no-audit', '--no-fund'];

export const steps = [
  {
    name: 'npm packages',
    done: installed,
    run: () => downloadByNpm(command),
    hint: `npm ${command.join(' ')}`,
  },
];
