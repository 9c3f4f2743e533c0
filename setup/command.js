import { spawn } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';
import { clearTimeout, setTimeout } from 'node:timers';

const tailLines = 20;
/**
 * Time in which a compiler removes its temporary files; processes that still run afterwards are
 * killed.
 */
const endMsMax = 2_000;

/** Commands that end together with the set-up, and the promises of their ends. */
const running = new Map();
/** When true, no command starts and none reports its end, because the process is about to end. */
let ending = false;

/**
 * Runs a program to its end and collects its output. The program leads a process group, so that it
 * can be ended together with all processes that it starts.
 * @param {string} program
 * @param {readonly string[]} args
 * @param {{ cwd?: string, env?: Record<string, string | undefined>, onlyEnv?: Record<string,
 *   string>, timeoutMs?: number, outlives?: boolean }} options - `env` changes the environment,
 *   `onlyEnv` replaces it; `timeoutMs` is 20 minutes by default; with `outlives` the program
 *   continues when the set-up is ended, as the system's package manager must
 * @returns {Promise<string>} its stdout
 * @throws {Error} with its last lines, when it fails or takes longer than `timeoutMs`; `output` is
 *   everything that it printed (undefined if it could not be started), `timedOut` is the cause
 */
export function runCommand(program, args, { cwd, env = {}, onlyEnv, timeoutMs = 1_200_000, outlives = false } = {}) {
  if (ending) return new Promise(() => undefined);
  const [started, ...startedArgs] = outlives ? [program, ...args] : tied([program, ...args]);
  const child = spawn(started, startedArgs, {
    cwd,
    env: onlyEnv ?? { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
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
  const closed = new Promise((resolve) => child.on('close', resolve));
  if (!outlives) running.set(child, closed);
  let timedOut = false;
  const timer = setTimeout(() => {
    timedOut = true;
    endGroup(child, 'SIGKILL');
  }, timeoutMs);
  return new Promise((resolve, reject) => {
    child.on('error', (error) => reject(new Error(`${program} could not be started (${error.code})`)));
    child.on('close', (code, signal) => {
      clearTimeout(timer);
      running.delete(child);
      if (ending) return undefined;
      if (code === 0) return resolve(stdout);
      const tail = all.trimEnd().split('\n').slice(-tailLines).join('\n  ');
      const message = `${[program, ...args].join(' ')} failed (${signal ?? `exit code ${code}`}):\n  ${tail}`;
      reject(Object.assign(new Error(message), { output: all, timedOut }));
    });
  });
}

/**
 * Ends every running command with all processes that it started.
 * @returns {Promise<void>} resolves when they have ended
 */
export async function endCommands() {
  ending = true;
  const ends = [...running.values()];
  const children = [...running.keys()];
  for (const child of children) endGroup(child, 'SIGTERM');
  const timer = setTimeout(() => {
    for (const child of children) endGroup(child, 'SIGKILL');
  }, endMsMax);
  await Promise.all(ends);
  clearTimeout(timer);
  // A group may outlive its leader.
  for (const child of children) endGroup(child, 'SIGKILL');
}

function endGroup(child, signal) {
  try {
    process.kill(-child.pid, signal);
  } catch {
    // The process has already ended, or never started.
  }
}

/**
 * The shell covers the time before the kernel ties the command to this process: it starts the command
 * only while this process is its parent.
 */
const tie = ['--pdeathsig', 'KILL', 'sh', '-c', 'test "$PPID" = "$0" || exit 1; exec "$@"', String(process.pid)];

/**
 * The kernel kills the command together with its parent, if setpriv is installed. Otherwise a
 * process that a killed set-up has started could write to the files of the next one.
 * @param {readonly string[]} command
 * @returns {readonly string[]}
 */
export function tied(command) {
  const setpriv = findProgram('setpriv');
  return setpriv === undefined || findProgram(command[0]) === undefined ? command : [setpriv, ...tie, ...command];
}

/** @returns {string | undefined} the path of the program in PATH */
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
