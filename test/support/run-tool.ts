import { CommanderError, type Command } from 'commander';
import { ClusterError } from '../../src/errors.ts';

/**
 * The frame of a tool: parses its flags, gives its work a signal that Ctrl-C aborts, prints the
 * error and sets the exit code.
 * @param work - ends soon after the signal; what it has done until then it reports as usual
 */
export async function runTool(command: Command, work: (signal: AbortSignal) => Promise<void>): Promise<void> {
  const interrupted = new ClusterError('interrupted', 'interrupted');
  const stop = new AbortController();
  for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.on(name, () => {
      if (stop.signal.aborted) process.exit(interrupted.exitCode);
      stop.abort(interrupted);
    });
  }
  try {
    command.exitOverride().parse();
    await work(stop.signal);
    if (stop.signal.aborted) process.exitCode = interrupted.exitCode;
  } catch (error) {
    if (error instanceof CommanderError) {
      process.exitCode = error.exitCode === 0 ? 0 : 2;
      return;
    }
    if (!(error instanceof ClusterError)) throw error;
    if (error.code !== 'interrupted') process.stderr.write(`error: ${error.message}\n`);
    if (error.hint !== undefined) process.stderr.write(`hint: ${error.hint}\n`);
    process.exitCode = error.exitCode;
  }
}
