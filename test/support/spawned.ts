import {
  spawn,
  type ChildProcess,
  type ChildProcessWithoutNullStreams,
  type SpawnOptions,
  type SpawnOptionsWithoutStdio,
} from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { onTestFinished } from 'vitest';
import { tiedCommand } from '../../src/brokers/tied-process.ts';

/**
 * Starts a program that ends with the test, whether it passes or fails, or with the test file when
 * a hook starts it: it leads a process group, which is killed then. Processes that it started in
 * sessions of their own, as brokers are, end with it. When the test run itself is killed, the
 * kernel kills the program.
 */
export function spawnForTest(
  program: string,
  args: readonly string[],
  options?: SpawnOptionsWithoutStdio,
): ChildProcessWithoutNullStreams;
export function spawnForTest(program: string, args: readonly string[], options: SpawnOptions): ChildProcess;
export function spawnForTest(program: string, args: readonly string[], options: SpawnOptions = {}): ChildProcess {
  const [tied, ...tiedArgs] = tiedCommand([program, ...args]) ?? [program, ...args];
  const child = spawn(tied, tiedArgs, { ...options, detached: true });
  const exited = once(child, 'exit');
  exited.catch(() => undefined);
  const kill = (): void => {
    if (child.pid === undefined) return;
    try {
      process.kill(-child.pid, 'SIGKILL');
    } catch {
      // The whole group has ended.
    }
  };
  try {
    onTestFinished(async () => {
      kill();
      if (child.exitCode === null && child.signalCode === null) await exited;
    });
  } catch {
    // There is no test yet, only a hook of the file.
    process.once('exit', kill);
  }
  return child;
}

export interface CliOutcome {
  /** Null when a signal ended it. */
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface CliProcess {
  readonly child: ChildProcessWithoutNullStreams;
  readonly outcome: Promise<CliOutcome>;
}

export interface StartOptions {
  readonly env?: NodeJS.ProcessEnv;
  readonly cwd?: string;
}

const cliFile = join(import.meta.dirname, '..', '..', 'dist', 'cli.js');

/** Starts the built program; its standard input is at its end. */
export function startCli(args: readonly string[], options: StartOptions = {}): CliProcess {
  const child = spawnForTest(process.execPath, [cliFile, ...args], { ...options, stdio: 'pipe' });
  child.stdin.end();
  const output = Promise.all([text(child.stdout), text(child.stderr)]);
  const outcome = Promise.all([once(child, 'exit'), output]).then(([[code], [out, err]]) => {
    return { code: code as number | null, stdout: out, stderr: err };
  });
  return { child, outcome };
}

/** Runs the built program to its end. @throws Error with all that it printed when it fails */
export async function succeeds(args: readonly string[], options: StartOptions = {}): Promise<CliOutcome> {
  const outcome = await startCli(args, options).outcome;
  if (outcome.code === 0) return outcome;
  throw new Error(`${args.join(' ')}: exit code ${outcome.code}\n${outcome.stderr}\n${outcome.stdout}`);
}

/** Runs the built program to its end. */
export function runCli(args: readonly string[], options: StartOptions = {}): Promise<CliOutcome> {
  return startCli(args, options).outcome;
}

/**
 * Resolves with what the program has printed by then when it matches. @throws Error when the output
 * ends before
 */
export function untilOutput(stream: Readable, pattern: RegExp): Promise<string> {
  return new Promise((resolve, reject) => {
    let seen = '';
    stream.on('data', (piece: Buffer) => {
      seen += piece.toString();
      if (pattern.test(seen)) resolve(seen);
    });
    stream.once('end', () => {
      reject(new Error(`it ended without ${String(pattern)}:\n${seen}`));
    });
  });
}
