import { createHash } from 'node:crypto';
import { readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { cacheFolder, root } from '../project.js';

/** Receives the files for users; git ignores it. */
export const packagesFolder = join(root, 'packages');

/** Work in progress and what the next run of `npm run package` can use again. */
export const workFolder = join(cacheFolder, 'package');

const checksums = 'SHA256SUMS';

/** Writes a file that `sha256sum --check` reads. */
export function writeChecksums() {
  const names = readdirSync(packagesFolder).filter((name) => name !== checksums);
  const lines = names.sort().map((name) => `${sha256(readFileSync(join(packagesFolder, name)))}  ${name}\n`);
  writeFileSync(join(packagesFolder, checksums), lines.join(''));
}

/** @param {Buffer} content */
function sha256(content) {
  return createHash('sha256').update(content).digest('hex');
}
