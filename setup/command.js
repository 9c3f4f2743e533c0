import { spawn } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';

const tailLines = 20;

/**
 * Runs a program to its end, its output kept out of the way.
 * @param {string} program
 * @param {readonly string[]} args
 * @param {{ cwd?: string, env?: Record<string, string>, timeoutMs?: number, outlives?: boolean }} options - `outlives`:
 *   the program goes on when the set-up is killed, as one must that would leave the system half changed
 * @returns {Promise<string>} what it wrote to stdout
 * @throws {Error} with its last lines, when it fails or takes longer than `timeoutMs` (20 minutes unless told)
 */
export function runCommand(program, args, { cwd, env = {}, timeoutMs = 1_200_000, outlives = false } = {}) {
  const [started, ...startedArgs] = outlives ? [program, ...args] : tied([program, ...args]);
  const child = spawn(started, startedArgs, {
    cwd,
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
    timeout: timeoutMs,
  });
  let stdout = '';
  let all = '';
  child.stdout.on('data', (chunk) => {
    stdout += chunk;
    all += chunk;
  });
  child.stderr.on('data', (chunk) => {
    all += chunk;
  });
  return new Promise((resolve, reject) => {
    child.on('error', (error) => reject(new Error(`${program} could not be started (${error.code})`)));
    child.on('close', (code, signal) => {
      if (code === 0) return resolve(stdout);
      const tail = all.trimEnd().split('\n').slice(-tailLines).join('\n  ');
      reject(new Error(`${[program, ...args].join(' ')} failed (${signal ?? `exit code ${code}`}):\n  ${tail}`));
    });
  });
}

/**
 * What was started by a killed set-up must not write between the feet of the next one: the kernel kills it too, where
 * setpriv is there to ask for that.
 * @param {readonly string[]} command
 * @returns {readonly string[]}
 */
export function tied(command) {
  const setpriv = findProgram('setpriv');
  return setpriv === undefined || findProgram(command[0]) === undefined
    ? command
    : [setpriv, '--pdeathsig', 'KILL', ...command];
}

/** @returns {string | undefined} the path of a program of that name in PATH */
export function findProgram(name) {
  if (name.includes('/')) return isExecutable(name) ? name : undefined;
  for (const folder of (process.env.PATH ?? '').split(delimiter)) {
    if (folder !== '' && isExecutable(join(folder, name))) return join(folder, name);
  }
  return undefined;
}

/** @param {string} file */
export function isExecutable(file) {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
