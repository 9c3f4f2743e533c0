import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';

export const projectFolder = join(import.meta.dirname, '..', '..');

/** One command, as it was run. */
export interface Row {
  /** Set-up that the command ran on: "Node 24.21.0", "Apache Kafka 4.0.1, managed". */
  readonly subject: string;
  /** The command as a user types it, without temporary files and ports. */
  readonly command: string;
  readonly exitCode: number | null;
  readonly seconds: number;
  /** The lines of stderr that Node itself wrote: warnings. */
  readonly nodeLines: readonly string[];
  /** Everything printed, to find the cause of a failure. */
  readonly output: string;
}

export function passed(row: Row): boolean {
  return row.exitCode === 0 && row.nodeLines.length === 0;
}

/**
 * Node's own lines begin so: `(node:123) ExperimentalWarning: …`, or a bare stack trace of an
 * uncaught error.
 */
const nodeLine = /^\(node:\d+\)|^\(Use `node |^node:internal/;

/**
 * Runs the built command line on a Node, and records how it ended.
 * @param args - of the command line
 * @param shown - the table shows it in place of `args`
 */
export async function runRow(
  subject: string,
  args: readonly string[],
  options: { readonly node: string; readonly signal: AbortSignal; readonly shown?: string },
): Promise<Row> {
  const startMs = performance.now();
  const child = spawn(options.node, [join(projectFolder, 'dist', 'cli.js'), ...args], {
    cwd: projectFolder,
    stdio: ['ignore', 'pipe', 'pipe'],
    signal: options.signal,
    killSignal: 'SIGTERM',
  });
  child.on('error', () => undefined);
  const output = Promise.all([text(child.stdout), text(child.stderr)]);
  const [exitCode] = (await once(child, 'close')) as [number | null];
  options.signal.throwIfAborted();
  const [stdout, stderr] = await output;
  return {
    subject,
    command: options.shown ?? args.join(' '),
    exitCode,
    seconds: (performance.now() - startMs) / 1_000,
    nodeLines: stderr.split('\n').filter((line) => nodeLine.test(line)),
    output: `${stderr}\n${stdout}`,
  };
}
