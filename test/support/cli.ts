import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';

export interface CliOutcome {
  /** Null when a signal ended the process. */
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
  readonly elapsedMs: number;
}

const file = join(import.meta.dirname, '..', '..', 'dist', 'cli.js');

/** Runs the built command line in a process of its own. @param onStart - receives the process while it runs */
export async function cli(args: readonly string[], onStart?: (child: ChildProcess) => void): Promise<CliOutcome> {
  const startMs = performance.now();
  const child = spawn(process.execPath, [file, ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
  onStart?.(child);
  const output = Promise.all([text(child.stdout), text(child.stderr)]);
  const [code] = (await once(child, 'close')) as [number | null];
  const [stdout, stderr] = await output;
  return { code, stdout, stderr, elapsedMs: performance.now() - startMs };
}

/** The same. @param onStderr - receives everything on stderr so far, and what sends the process a signal */
export function runCli(
  args: readonly string[],
  onStderr?: (written: string, kill: (signal: NodeJS.Signals) => void) => void,
): Promise<CliOutcome> {
  return cli(args, (child) => {
    let written = '';
    child.stderr?.on('data', (piece: Buffer) => {
      written += piece.toString();
      onStderr?.(written, (signal) => child.kill(signal));
    });
  });
}
