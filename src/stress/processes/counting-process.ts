import { spawn, type ChildProcess } from 'node:child_process';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { killWithThisProcess, tiedCommand } from '../../brokers/tied-process.ts';
import { installation } from '../../installation.ts';

export interface CountingProcessOptions {
  /** Unique in the run. */
  readonly name: string;
  /** Arguments of `consumer-cluster`. */
  readonly args: readonly string[];
  /** Called with each line that it prints on stderr. */
  readonly onLine: (line: string) => void;
  /** Called when it prints which partitions it owns. */
  readonly onOwned?: (partitions: readonly number[]) => void;
}

/** How a process has ended. */
export interface ProcessEnd {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

/** A child process `counts --durable --follow`. It is killed with this process. */
export class CountingProcess {
  readonly name: string;
  readonly ended: Promise<ProcessEnd>;
  /** What it prints as an error or as a failure of a member. */
  readonly complaints: string[] = [];
  readonly #onOwned: ((partitions: readonly number[]) => void) | undefined;
  #owned: readonly number[] = [];
  #hasJoined = false;
  #isPaused = false;
  #isStopping = false;
  #end: ProcessEnd | undefined;
  readonly #child: ChildProcess;

  constructor({ name, args, onLine, onOwned }: CountingProcessOptions) {
    this.name = name;
    this.#onOwned = onOwned;
    const own: readonly [string, ...string[]] = [
      process.execPath,
      join(installation.folder, 'dist', 'cli.js'),
      ...args,
    ];
    const tied = tiedCommand(own);
    const [program, ...programArgs] = tied ?? own;
    // In its own session: Ctrl-C in a terminal reaches only this process.
    const child = spawn(program, programArgs, { stdio: ['ignore', 'pipe', 'pipe'], detached: true });
    this.#child = child;
    this.ended = new Promise((resolve) => {
      const end = (code: number | null, signal: NodeJS.Signals | null): void => {
        this.#end = { code, signal };
        resolve(this.#end);
      };
      child.once('close', end);
      child.once('error', ({ message }) => {
        this.complaints.push(message);
        end(1, null);
      });
    });
    if (tied === undefined && child.pid !== undefined) killWithThisProcess(child.pid, this.ended);
    child.stdout.resume();
    createInterface(child.stderr).on('line', (line) => {
      onLine(line);
      this.#read(line);
    });
  }

  /** 0 when it could not be started. */
  get pid(): number {
    return this.#child.pid ?? 0;
  }

  /** Partitions that its last line about them names. */
  get owned(): readonly number[] {
    return this.#owned;
  }

  /** It has printed which partitions it owns, or that it owns none. */
  get hasJoined(): boolean {
    return this.#hasJoined;
  }

  /** Neither ended nor being stopped nor paused. */
  get isRunning(): boolean {
    return this.#end === undefined && !this.#isStopping && !this.#isPaused;
  }

  get end(): ProcessEnd | undefined {
    return this.#end;
  }

  signal(signal: 'SIGKILL' | 'SIGTERM' | 'SIGSTOP' | 'SIGCONT'): void {
    if (signal === 'SIGSTOP') this.#isPaused = true;
    // A second SIGTERM would end it without a hand-over.
    if (signal === 'SIGTERM' || signal === 'SIGKILL') this.#isStopping = true;
    if (signal === 'SIGCONT') this.#isPaused = false;
    this.#child.kill(signal);
  }

  #read(line: string): void {
    const own = /this process owns \d+ of \d+ partitions?: (?<list>[\d, ]+)/.exec(line)?.groups?.['list'];
    if (own !== undefined) this.#owned = own.split(', ').map(Number);
    else if (line.includes('standby: this process owns none')) this.#owned = [];
    else {
      const isComplaint = /error|cannot|crashed|stuck|warning|Error|refused|revoked/.test(line);
      if (isComplaint) this.complaints.push(line);
      return;
    }
    this.#hasJoined = true;
    this.#onOwned?.(this.#owned);
  }
}
