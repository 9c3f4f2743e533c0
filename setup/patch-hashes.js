import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Hash of a missing file. */
const absent = '0000000';

/**
 * Determines the state of a package by the hashes in its patch: for each file, git's `index` line
 * contains the hash before and after.
 * @param {string} patch - text of a patch, as patch-package writes it
 * @param {string} folder - folder of the package
 * @param {string} prefix - path of the package's files in the patch
 * @returns {'released' | 'patched' | 'neither'}
 */
export function patchState(patch, folder, prefix) {
  const files = patchedFiles(patch, prefix);
  if (files.length === 0) throw new Error(`the patch does not change any file in ${prefix}`);
  const all = (which) => files.every((file) => hasHash(join(folder, file.path), file[which]));
  if (all('patched')) return 'patched';
  return all('released') ? 'released' : 'neither';
}

function patchedFiles(patch, prefix) {
  const files = [];
  for (const line of patch.split('\n')) {
    const path = /^diff --git a\/(\S+) b\//.exec(line)?.[1];
    if (path !== undefined) files.push({ path: path.slice(prefix.length) });
    const [, released, patched] = /^index ([0-9a-f]+)\.\.([0-9a-f]+)/.exec(line) ?? [];
    if (released !== undefined) Object.assign(files.at(-1), { released, patched });
  }
  return files;
}

/** @param {string} hash - the first digits of the hash */
function hasHash(file, hash) {
  if (!existsSync(file)) return hash === absent;
  const content = readFileSync(file);
  const whole = createHash('sha1').update(`blob ${content.length}\0`).update(content).digest('hex');
  return whole.startsWith(hash);
}
