import { spawn, type ChildProcess } from 'node:child_process';
import { accessSync, closeSync, constants, openSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { isMainThread } from 'node:worker_threads';
import assert from 'node:assert';

/** A child process that can't outlive this one, even after kill -9. */
export interface TiedProcess {
  readonly pid: number;
  /** Resolves with "exit code 1" or "signal SIGKILL" when the process has ended. */
  readonly ended: Promise<string>;
  isRunning(): boolean;
  signal(name: NodeJS.Signals): void;
}

/**
 * The kernel kills the child when the thread that spawned it ends, so only the main thread may
 * spawn. The shell in between covers the time before that is set: it starts the command only while
 * this process is its parent.
 */
const tie = ['--pdeathsig', 'KILL', 'sh', '-c', 'test "$PPID" = "$0" || exit 1; exec "$@"', String(process.pid)];

/**
 * The command with which the kernel kills the program when this thread ends.
 * @returns undefined on a system without setpriv
 */
export function tiedCommand(command: readonly [string, ...string[]]): readonly [string, ...string[]] | undefined {
  const setpriv = findProgram('setpriv');
  return setpriv === undefined ? undefined : [setpriv, ...tie, ...command];
}

/**
 * @param logFile - receives the stdout and stderr of the process
 * @param place.folder - the working folder; default: that of this process
 * @param place.env - the whole environment; default: that of this process
 * @throws Error when the process can't be started
 */
export async function spawnTied(
  command: readonly [string, ...string[]],
  logFile: string,
  place: { readonly folder?: string; readonly env?: Readonly<Record<string, string>> } = {},
): Promise<TiedProcess> {
  assert(isMainThread, 'processes tied to a worker thread would die with it');
  const tied = tiedCommand(command);
  const [program, ...args] = tied ?? command;
  const log = openSync(logFile, 'a');
  let child: ChildProcess;
  try {
    // The child runs in its own session. Ctrl-C in a terminal must reach only this process, because
    // members still need the brokers to drain.
    child = spawn(program, args, { stdio: ['ignore', log, log], detached: true, cwd: place.folder, env: place.env });
  } finally {
    closeSync(log);
  }
  let running = true;
  const ended = new Promise<string>((resolve) => {
    child.once('exit', (code, signal) => {
      running = false;
      resolve(signal === null ? `exit code ${code ?? '?'}` : `signal ${signal}`);
    });
  });
  await new Promise<void>((resolve, reject) => {
    child.once('spawn', resolve);
    child.once('error', reject);
  });
  const { pid } = child;
  assert(pid !== undefined);
  if (tied === undefined) killWithThisProcess(pid, ended);
  return {
    pid,
    ended,
    isRunning: () => running,
    signal: (name) => {
      if (running) child.kill(name);
    },
  };
}

/**
 * Fallback without setpriv: a shell waits for the end of a pipe that only this process holds open,
 * and then kills the child. The shell is ended first when the child exits, so it never kills a
 * reused pid.
 */
export function killWithThisProcess(pid: number, ended: Promise<unknown>): void {
  const watchdog = spawn('sh', ['-c', 'read -r _; kill -9 "$0"', String(pid)], {
    stdio: ['pipe', 'ignore', 'ignore'],
    detached: true,
  });
  void ended.then(() => watchdog.kill('SIGKILL'));
}

function findProgram(name: string): string | undefined {
  return (process.env['PATH'] ?? '')
    .split(delimiter)
    .map((folder) => join(folder, name))
    .find((file) => {
      try {
        accessSync(file, constants.X_OK);
        return true;
      } catch {
        return false;
      }
    });
}
