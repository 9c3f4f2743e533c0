import { existsSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { pinnedNode, pinnedNodeFolder, supportedRange } from '../node-versions.js';
import { downloadPackage } from '../npm.js';
import { cacheFolder } from '../project.js';

/**
 * The least version of each line of Node that the project supports. An addon that is built for it
 * loads in all later ones of the line: they have the same ABI, and an OpenSSL that is not older.
 */
export const leastNodes = supportedRange.split(' || ').map((clause) => clause.replace(/^\D+/, ''));

/**
 * @param {string} version - of Node
 * @returns {Promise<string>} the folder with its bin/ and include/
 */
export async function provideNode(version) {
  if (version === pinnedNode && existsSync(pinnedNodeFolder)) return pinnedNodeFolder;
  const folder = join(cacheFolder, 'nodes', version);
  if (existsSync(folder)) return folder;
  const part = `${folder}.part`;
  renameSync(await downloadPackage(`node-linux-${process.arch}@${version}`, part), folder);
  rmSync(part, { recursive: true, force: true });
  return folder;
}

/**
 * @param {string} nodeFolder
 * @returns {string} the ABI of that Node's addons, as in process.versions.modules
 */
export function abiOf(nodeFolder) {
  const header = readFileSync(join(nodeFolder, 'include', 'node', 'node_version.h'), 'utf8');
  return /^#define NODE_MODULE_VERSION (\d+)$/m.exec(header)[1];
}
