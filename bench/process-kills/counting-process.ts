import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { tiedCommand } from '../../src/brokers/tied-process.ts';

const cliFile = join(import.meta.dirname, '..', '..', 'dist', 'cli.js');

export interface CountingProcessOptions {
  /** Unique in the run. */
  readonly name: string;
  /** Arguments of `consumer-cluster`. */
  readonly args: readonly string[];
  readonly logFolder: string;
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
  #owned: readonly number[] = [];
  #hasJoined = false;
  #isPaused = false;
  #isStopping = false;
  #end: ProcessEnd | undefined;
  readonly #child: ChildProcess;

  constructor({ name, args, logFolder }: CountingProcessOptions) {
    this.name = name;
    const own: readonly [string, ...string[]] = [process.execPath, cliFile, ...args];
    const [program, ...programArgs] = tiedCommand(own) ?? own;
    const log = createWriteStream(join(logFolder, `${name}.log`));
    this.#child = spawn(program, programArgs, { stdio: ['ignore', 'pipe', 'pipe'] });
    this.ended = once(this.#child, 'exit').then(([code, signal]) => {
      const end = { code: code as number | null, signal: signal as NodeJS.Signals | null };
      this.#end = end;
      log.write(`${new Date().toISOString()} ended: ${JSON.stringify(end)}\n`);
      return end;
    });
    this.#child.stdout?.resume();
    const { stderr } = this.#child;
    if (stderr === null) return;
    createInterface(stderr).on('line', (line) => {
      log.write(`${new Date().toISOString()} ${line}\n`);
      this.#read(line);
    });
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
    if (signal === 'SIGTERM') this.#isStopping = true;
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
  }
}
