import { accessSync, constants, existsSync } from 'node:fs';
import { homedir, userInfo } from 'node:os';
import { dirname } from 'node:path';

/**
 * @returns {string | undefined} the home according to HOME or, without it, the password file;
 *   undefined when neither names one
 */
export function findHome() {
  try {
    return homedir();
  } catch {
    return undefined;
  }
}

/**
 * @returns {string | undefined} the home in the password file, which Java uses regardless of HOME
 */
export function findPasswordFileHome() {
  try {
    return userInfo().homedir;
  } catch {
    return undefined;
  }
}

/**
 * @param {string} path - an existing file or folder, or one that would have to be created
 * @returns {boolean}
 */
export function isWritable(path) {
  if (!existsSync(path)) return path !== dirname(path) && isWritable(dirname(path));
  try {
    accessSync(path, constants.W_OK);
    return true;
  } catch {
    return false;
  }
}
