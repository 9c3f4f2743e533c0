import { createLogUpdate } from 'log-update';
import { withoutSecrets } from '../secrets.ts';
import { Notices } from './notices.ts';

/** What every command gets from the command line's frame: where to write, and when to stop. */
export interface CommandContext {
  /** Aborted by the first SIGINT, SIGTERM or SIGHUP: finish what is in hand and end. */
  readonly signal: AbortSignal;
  /** Aborted by the second: end at once, without leaving groups gracefully. */
  readonly killSignal: AbortSignal;
  /** True where stderr is a terminal and --quiet was not given: bars and live views make sense. */
  readonly interactive: boolean;
  /** True where stdout is a terminal and NO_COLOR is not set. */
  readonly colour: boolean;
  /** A result: to stdout, with a line end. */
  result(text: string): void;
  /** A piece of a result: to stdout as it is; resolves when the stream takes more. */
  write(text: string): Promise<void>;
  /** Progress and logs: a line to stderr, silent under --quiet. */
  log(line: string): void;
  /** Like log, for trouble that may pass: repetitions are counted instead of printed. */
  notice(text: string): void;
  /** Prints how often notices were repeated: to be called at the end. */
  endNotices(): void;
  /** What the user must know even under --quiet: a line to stderr. */
  warn(line: string): void;
  /** Replaces the live lines at the foot of the terminal; does nothing where there is no terminal. */
  live(text: string): void;
  /** Ends the live lines, leaving the last ones standing or clearing them. */
  endLive(options: { readonly clear: boolean }): void;
}

/** The context on this process's own streams. `quiet` is asked late, since it comes from the parsed options. */
export function createContext(options: {
  readonly signal: AbortSignal;
  readonly killSignal: AbortSignal;
  readonly quiet: () => boolean;
}): CommandContext {
  const liveLines = createLogUpdate(process.stderr);
  let liveText = '';
  const write = (line: string): void => {
    // A log line goes above the live lines: clear them, write, draw them again.
    if (liveText !== '') liveLines.clear();
    process.stderr.write(`${withoutSecrets(line)}\n`);
    if (liveText !== '') liveLines(liveText);
  };
  const log = (line: string): void => {
    if (!options.quiet()) write(line);
  };
  const notices = new Notices(log);
  return {
    signal: options.signal,
    killSignal: options.killSignal,
    get interactive() {
      return process.stderr.isTTY && !options.quiet();
    },
    get colour() {
      return process.stdout.isTTY && (process.env['NO_COLOR'] ?? '') === '';
    },
    result: (text) => {
      process.stdout.write(`${text}\n`);
    },
    write: (text) =>
      new Promise((resolve) => {
        // Also after an error, which the command line's frame reports at the end.
        process.stdout.write(text, () => {
          resolve();
        });
      }),
    log,
    notice: (text) => {
      notices.notice(text);
    },
    endNotices: () => {
      notices.end();
    },
    warn: write,
    live(text) {
      if (!this.interactive) return;
      liveText = text;
      liveLines(text);
    },
    endLive({ clear }) {
      if (liveText === '') return;
      liveText = '';
      if (clear) liveLines.clear();
      else liveLines.done();
    },
  };
}
