import {
  spawn,
  type ChildProcess,
  type ChildProcessWithoutNullStreams,
  type SpawnOptions,
  type SpawnOptionsWithoutStdio,
} from 'node:child_process';
import { once } from 'node:events';
import type { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { onTestFinished } from 'vitest';

/**
 * Starts a program that ends with the test, whatever the test's outcome: it leads a process group,
 * which is killed then. What it started in sessions of their own, as brokers are, is tied to it.
 */
export function spawnForTest(
  program: string,
  args: readonly string[],
  options?: SpawnOptionsWithoutStdio,
): ChildProcessWithoutNullStreams;
export function spawnForTest(program: string, args: readonly string[], options: SpawnOptions): ChildProcess;
export function spawnForTest(program: string, args: readonly string[], options: SpawnOptions = {}): ChildProcess {
  const child = spawn(program, args, { ...options, detached: true });
  const exited = once(child, 'exit');
  exited.catch(() => undefined);
  onTestFinished(async () => {
    if (child.pid === undefined) return;
    try {
      process.kill(-child.pid, 'SIGKILL');
    } catch {
      // The whole group has ended.
    }
    if (child.exitCode === null && child.signalCode === null) await exited;
  });
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

/** Starts the built program; its standard input is at its end. */
export function startCli(args: readonly string[], env: NodeJS.ProcessEnv = process.env): CliProcess {
  const child = spawnForTest(process.execPath, ['dist/cli.js', ...args], { env });
  child.stdin.end();
  const output = Promise.all([text(child.stdout), text(child.stderr)]);
  const outcome = Promise.all([once(child, 'exit'), output]).then(([[code], [out, err]]) => {
    return { code: code as number | null, stdout: out, stderr: err };
  });
  return { child, outcome };
}

/** Runs the built program to its end. */
export async function runCli(args: readonly string[], env: NodeJS.ProcessEnv = process.env): Promise<CliOutcome> {
  return startCli(args, env).outcome;
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
