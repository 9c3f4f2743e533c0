import type { ChildProcessWithoutNullStreams } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { spawnForTest } from '../support/spawned.ts';

export interface Ended {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

type OnLog = (piece: string, child: ChildProcessWithoutNullStreams) => void;

/**
 * Runs the built bench command in a separate process.
 * @param onLog - receives each chunk of stderr, and the process so that it can send a signal
 * @param env - added to this process's environment
 */
export function benchProcess(
  args: readonly string[],
  onLog?: OnLog,
  env: Readonly<Record<string, string>> = {},
): Promise<Ended> {
  return runCommand(['bench', ...args], onLog, env);
}

/** Runs a command of the built program in a separate process. */
export async function runCommand(
  args: readonly string[],
  onLog: OnLog = () => undefined,
  env: Readonly<Record<string, string>> = {},
): Promise<Ended> {
  const child = spawnForTest(process.execPath, ['dist/cli.js', ...args], { env: { ...process.env, ...env } });
  child.stderr.on('data', (piece: Buffer) => {
    onLog(piece.toString(), child);
  });
  const [stdout, stderr, [code]] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    once(child, 'close') as Promise<[number]>,
  ]);
  return { code, stdout, stderr };
}
