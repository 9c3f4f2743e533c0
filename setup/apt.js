import { findProgram, runCommand } from './command.js';

/**
 * Installs Debian packages. Refreshes apt's lists only when they are missing or stale.
 * @param {readonly string[]} packages
 * @throws {Error} without apt-get, or when the user is not root and sudo asks for a password
 */
export async function installPackages(packages) {
  if (findProgram('apt-get') === undefined) throw new Error('apt-get was not found');
  const prefix = await rootPrefix();
  const apt = (...args) => {
    const [program, ...rest] = [...prefix, 'env', 'DEBIAN_FRONTEND=noninteractive', 'apt-get', ...aptOptions, ...args];
    return runCommand(program, rest, { outlives: true });
  };
  try {
    await apt('install', ...packages);
  } catch {
    await apt('update');
    await apt('install', ...packages);
  }
}

const aptOptions = ['-y', '--no-install-recommends', '-o', 'DPkg::Lock::Timeout=300'];

async function rootPrefix() {
  if (process.getuid() === 0) return [];
  try {
    await runCommand('sudo', ['-n', 'true'], { timeoutMs: 10_000 });
    return ['sudo', '-n'];
  } catch {
    throw new Error('it needs root, and sudo is missing or asks for a password');
  }
}

/**
 * @param {readonly string[]} packages - Debian's names
 * @returns {string} the command that a user would type
 */
export function aptHint(packages) {
  return `apt-get update && apt-get install -y ${packages.join(' ')}   (as root; on Debian or Ubuntu)`;
}
