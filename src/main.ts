import { setImmediate as turnOfEventLoop } from 'node:timers/promises';
import { createContext } from './commands/context.ts';
import { Program } from './commands/program.ts';
import { shownArguments } from './commands/recorded-settings.ts';
import { CommanderError } from 'commander';
import { ClusterError, reasonOf } from './errors.ts';
import { nowMs } from './time/clock.ts';
import { startTimer } from './time/sleep.ts';
import { withoutSecrets } from './secrets.ts';

/**
 * Ctrl-C in a terminal reaches both npm and this process, and npm forwards its signal, on a busy
 * machine late. Signals within this time of another one count as one.
 */
const signalEchoMs = (process.env['npm_lifecycle_event'] ?? '') === '' ? 150 : 1_000;
/**
 * After the second signal, the process exits when this time has passed, whatever is still running.
 */
const killGraceMs = 2_000;

const interrupted = new ClusterError('interrupted', 'interrupted');
const drain = new AbortController();
const kill = new AbortController();
let lastSignalMs = -Infinity;

function onSignal(): void {
  const atMs = nowMs();
  const echo = atMs - lastSignalMs < signalEchoMs;
  if (echo) return;
  lastSignalMs = atMs;
  if (!drain.signal.aborted) {
    drain.abort(interrupted);
  } else if (!kill.signal.aborted) {
    kill.abort(interrupted);
    startTimer(killGraceMs, () => process.exit(interrupted.exitCode));
  } else {
    process.exit(interrupted.exitCode);
  }
}

/** Prints one or two lines on stderr; a stack only with DEBUG. */
function report(error: unknown): number {
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
  if (error instanceof ClusterError) {
    if (error.code !== 'interrupted') process.stderr.write(`error: ${error.message}\n`);
    if (error.hint !== undefined) process.stderr.write(`hint: ${error.hint}\n`);
    if (debug && error.stack !== undefined) process.stderr.write(`${withoutSecrets(error.stack)}\n`);
    return error.exitCode;
  }
  const text = withoutSecrets(error instanceof Error ? (error.stack ?? error.message) : String(error));
  process.stderr.write(
    `error: unexpected: ${text}\nhint: this is a bug in consumer-cluster; please report it with these lines\n`,
  );
  return 1;
}

/** Resolves when everything written has been flushed, or is known to have failed. */
function flushed(stream: NodeJS.WriteStream): Promise<unknown> {
  // On a full device, a write of no bytes fails, too.
  return stream.writableLength === 0 ? turnOfEventLoop() : new Promise((resolve) => stream.write('', resolve));
}

const debug = (process.env['DEBUG'] ?? '') !== '';
for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(name, onSignal);
// A reader that stops early (`| head`) changes neither the verdict nor the files.
let outputError: NodeJS.ErrnoException | undefined;
process.stdout.on('error', (error) => {
  outputError ??= error;
});
// Errors cannot be reported here, but the exit code remains correct.
process.stderr.on('error', () => undefined);

// Linux shows the arguments of a process to every user of the machine.
const shown = shownArguments(process.argv);
if (shown.some((argument, index) => argument !== process.argv[index])) process.title = shown.join(' ');

let quiet = false;
const context = createContext({ signal: drain.signal, killSignal: kill.signal, quiet: () => quiet });
const program = new Program(context, (value) => {
  quiet = value;
});
let exitCode = 0;
try {
  await program.run(process.argv.slice(2));
  context.endNotices();
} catch (error) {
  context.endLive({ clear: true });
  context.endNotices();
  exitCode = report(error);
}
// Both streams may be pipes, so the process exits only when they are flushed.
await Promise.all([process.stdout, process.stderr].map(flushed));
if (outputError !== undefined && outputError.code !== 'EPIPE') {
  process.stderr.write(`error: can't write to standard output: ${reasonOf(outputError)}\n`);
  if (exitCode === 0) exitCode = 1;
}
process.exit(exitCode);
