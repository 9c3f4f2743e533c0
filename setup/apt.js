import { findProgram, runCommand } from './command.js';

/**
 * Installs Debian packages, refreshing apt's lists only where they turn out to be missing or stale.
 * @param {readonly string[]} packages
 * @throws {Error} where there is no apt-get, or neither root nor a sudo that asks for no password
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
 * @returns {string} the command that a person would type
 */
export function aptHint(packages) {
  return `apt-get update && apt-get install -y ${packages.join(' ')}   (as root; on Debian or Ubuntu)`;
}
