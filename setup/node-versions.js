import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { cacheFolder, root } from './project.js';

/**
 * This file runs on any Node that supports ES modules, because it decides whether the project
 * supports that Node.
 */

/** The Node that the set-up fetches when the one in PATH is not supported. */
export const pinnedNode = readFileSync(join(root, '.nvmrc'), 'utf8').trim();
export const pinnedNodeFolder = join(cacheFolder, `node-${pinnedNode}`);

/** `engines` in package.json: clauses `^MAJOR.MINOR.PATCH` and `>=MAJOR.MINOR.PATCH`. */
export const supportedRange = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')).engines.node;

/**
 * @param {string} version - as in process.versions.node
 * @returns {boolean}
 */
export function isSupported(version) {
  return supportedRange.split(' || ').some((clause) => {
    const [, operator, least] = /^(\^|>=)(\d+\.\d+\.\d+)$/.exec(clause);
    const difference = compareVersions(version, least);
    return difference >= 0 && (operator === '>=' || parseInt(version, 10) === parseInt(least, 10));
  });
}

function compareVersions(one, other) {
  const [left, right] = [one, other].map((version) => version.split('.').map((part) => parseInt(part, 10)));
  const at = left.findIndex((part, index) => part !== right[index]);
  return at < 0 ? 0 : left[at] - right[at];
}
