import { withoutSecrets } from '../secrets.ts';
import { Notices } from './notices.ts';
import { TerminalLines } from './terminal-lines.ts';

/** What main.ts passes to every command: where to write, and when to stop. */
export interface CommandContext {
  /** Aborted by the first SIGINT, SIGTERM or SIGHUP: finish the current work and exit. */
  readonly signal: AbortSignal;
  /** Aborted by the second signal: exit at once, without leaving groups gracefully. */
  readonly killSignal: AbortSignal;
  /** True where stderr is a terminal and --quiet was not given: live views are shown. */
  readonly interactive: boolean;
  /** True where stdout is a terminal and NO_COLOR is not set. */
  readonly colour: boolean;
  /** Writes a result and a line end to stdout. */
  result(text: string): void;
  /** Writes a piece of a result to stdout; resolves when the stream accepts more. */
  write(text: string): Promise<void>;
  /** Writes a line of progress to stderr, unless --quiet was given. */
  log(line: string): void;
  /** Like log, for errors that may be temporary: repetitions are counted, not printed. */
  notice(text: string): void;
  /** Prints how often notices were repeated. Call it once, at the end. */
  endNotices(): void;
  /** Writes a line to stderr, even with --quiet. */
  warn(line: string): void;
  /** Replaces the live lines at the bottom of the terminal; does nothing without one. */
  live(text: string): void;
  /** Ends the live lines; the last ones are kept or cleared. */
  endLive(options: { readonly clear: boolean }): void;
  /** Call it after the user has typed a line: its echo moved the cursor one line below the live lines. */
  lineTyped(): void;
}

/** Terminal control sequence: the cursor moves up one line. */
const cursorUp = '\u001b[1A';

/** The context on the streams of this process. `quiet` is a function: options are parsed later. */
export function createContext(options: {
  readonly signal: AbortSignal;
  readonly killSignal: AbortSignal;
  readonly quiet: () => boolean;
}): CommandContext {
  const liveLines = new TerminalLines(process.stderr);
  const write = (line: string): void => {
    liveLines.writeAbove(`${withoutSecrets(line)}\n`);
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
        // Called after an error, too, which main.ts reports at the end.
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
      if (this.interactive) liveLines.show(text);
    },
    endLive(options) {
      liveLines.end(options);
    },
    lineTyped() {
      if (liveLines.isShown && process.stdin.isTTY) process.stderr.write(cursorUp);
    },
  };
}
