import { createWriteStream } from 'node:fs';
import { join } from 'node:path';
import { seededRandom } from '../../src/seeded-random.ts';
import { nowMs } from '../../src/time/clock.ts';
import { sleep } from '../../src/time/sleep.ts';
import { CountingProcess } from '../../src/stress/processes/counting-process.ts';
import type { SteadyFeed } from './steady-feed.ts';
import { Takeovers, type Cause, type TimedCommit } from './takeovers.ts';

export interface KilledGroupOptions {
  readonly groupId: string;
  readonly protocol: string;
  /** Arguments of a process, which is restarted with the same number. */
  readonly args: (number: number) => readonly string[];
  readonly processes: number;
  readonly partitions: number;
  readonly seed: number;
  readonly feed: SteadyFeed;
  readonly logFolder: string;
  readonly onAnomaly: (text: string) => void;
}

interface Slot {
  readonly process: CountingProcess;
  readonly number: number;
}

const restartMsMax = 4_000;
/** Longer than the session timeout: the group has gone on without the process. */
const pauseMs = { least: 3_500, most: 8_000 } as const;
/** Limit of a takeover, of the start and of an end: nothing of it may wait for transaction.timeout.ms. */
const patienceMs = 55_000;
const lookMs = 20;
const balanceMsMax = 8_000;

/** The processes of one group, what happens to them, and what is seen of it in the changelog. */
export class KilledGroup {
  readonly takeovers: Takeovers;
  readonly complaints: string[] = [];
  readonly #options: KilledGroupOptions;
  readonly #random: () => number;
  readonly #slots: Slot[] = [];
  readonly #pending = new Set<Promise<void>>();
  readonly #last: (TimedCommit | undefined)[];
  #started = 0;
  #isEnding = false;

  constructor(options: KilledGroupOptions) {
    this.#options = options;
    this.#random = seededRandom(options.seed);
    this.takeovers = new Takeovers();
    this.#last = Array.from({ length: options.partitions }, () => undefined);
  }

  /** Checks each commit against what was produced. */
  onCommit(partition: number, commit: TimedCommit): void {
    const before = this.#last[partition];
    this.#last[partition] = commit;
    this.takeovers.committed(partition, commit);
    const { nextOffset, words, sum } = commit;
    if (before !== undefined && nextOffset < before.nextOffset) {
      this.#anomaly(`partition ${partition}: progress went from ${before.nextOffset} back to ${nextOffset}`);
    }
    void this.#options.feed.wordsBelow(partition, nextOffset).then((expected) => {
      if (words === expected && sum === expected) return;
      this.#anomaly(
        `partition ${partition}: ${expected} words below offset ${nextOffset}; progress says ${words}, counts ${sum}`,
      );
    });
  }

  async start(): Promise<void> {
    for (let number = 0; number < this.#options.processes; number += 1) this.#startProcess(number);
    await this.#until('the first commits', () => this.#last.every((commit) => commit !== undefined));
  }

  /** Lets processes fail until `kills` of them were killed, or the time is over. Idle turns draw no number. */
  async run(kills: number, deadlineMs: number): Promise<void> {
    while (this.takeovers.kills < kills && nowMs() < deadlineMs) {
      const running = this.#slots.filter(({ process }) => process.isRunning && process.hasJoined);
      const slot = running.length === 0 ? undefined : running[Math.floor(this.#random() * running.length)];
      if (slot === undefined) {
        await sleep(lookMs);
        continue;
      }
      this.#fail(slot, running);
      const isOverlapped = this.#random() < 0.3;
      if (isOverlapped) await sleep(this.#random() * 2_000);
      else await this.#settled();
    }
    await this.#settled();
  }

  /** Ends all processes gracefully once everything is counted. */
  async end(): Promise<void> {
    const { produced } = this.#options.feed;
    await this.#until('everything is counted', () =>
      this.#last.every((commit, partition) => commit?.nextOffset === produced[partition]),
    );
    this.#isEnding = true;
    await Promise.all(
      this.#slots.map(async ({ process }) => {
        process.signal('SIGTERM');
        await this.#ended(process);
      }),
    );
    for (const { process } of this.#slots) this.#collect(process);
  }

  kill(): void {
    this.#isEnding = true;
    for (const { process } of this.#slots) process.signal('SIGKILL');
  }

  #fail(slot: Slot, running: readonly Slot[]): void {
    const draw = this.#random();
    const others = running.filter((other) => other !== slot);
    if (draw < 0.6) this.#kill('kill -9', [slot], others);
    else if (draw < 0.68)
      this.#kill(
        'kill -9 of all',
        this.#slots.filter(({ process }) => process.end === undefined),
        [],
      );
    else if (draw < 0.84) this.#pause(slot, others);
    else this.#stop(slot, others);
  }

  #kill(cause: Cause, slots: readonly Slot[], others: readonly Slot[]): void {
    const owned = slots.flatMap(({ process }) => process.owned);
    this.takeovers.begin({ cause, partitions: owned, processes: slots.length, hasOthers: others.length > 0 });
    for (const slot of slots) {
      slot.process.signal('SIGKILL');
      this.#restart(slot, this.#random() * restartMsMax);
    }
  }

  #pause({ process }: Slot, others: readonly Slot[]): void {
    const { least, most } = pauseMs;
    const ms = least + this.#random() * (most - least);
    const details = { partitions: process.owned, processes: 1, hasOthers: others.length > 0 };
    this.takeovers.begin({ cause: 'SIGSTOP', ...details });
    process.signal('SIGSTOP');
    this.#track(
      sleep(ms).then(() => {
        process.signal('SIGCONT');
      }),
    );
  }

  #stop(slot: Slot, others: readonly Slot[]): void {
    const details = { partitions: slot.process.owned, processes: 1, hasOthers: others.length > 0 };
    this.takeovers.begin({ cause: 'SIGTERM', ...details });
    slot.process.signal('SIGTERM');
    const delayMs = this.#random() * restartMsMax;
    this.#track(
      this.#ended(slot.process).then(() => {
        this.#restart(slot, delayMs);
      }),
    );
  }

  /** A process that ends only when it is killed is an anomaly. */
  async #ended(process: CountingProcess): Promise<void> {
    const end = await Promise.race([process.ended, sleep(patienceMs)]);
    if (end === undefined) {
      this.#anomaly(`${process.name} did not end ${patienceMs / 1_000} s after SIGTERM`);
      process.signal('SIGKILL');
    } else if (end.code !== 0 && end.signal !== 'SIGKILL') {
      this.#anomaly(`${process.name}: exit code ${end.code} after SIGTERM`);
    }
  }

  #restart(slot: Slot, delayMs: number): void {
    const { process } = slot;
    this.#track(
      sleep(delayMs).then(() => {
        const at = this.#slots.indexOf(slot);
        if (this.#isEnding || at === -1) return;
        this.#collect(process);
        this.#slots.splice(at, 1);
        this.#startProcess(slot.number);
      }),
    );
  }

  #startProcess(number: number): void {
    const { groupId, args, logFolder } = this.#options;
    this.#started += 1;
    const name = `${groupId}-${number}-${this.#started}`;
    const log = createWriteStream(join(logFolder, `${name}.log`));
    const process = new CountingProcess({
      ...{ name, args: args(number) },
      onLine: (line) => void log.write(`${new Date().toISOString()} ${line}\n`),
    });
    const slot = { process, number };
    this.#slots.push(slot);
    void process.ended.then(({ code, signal }) => {
      log.end(`${new Date().toISOString()} ended: ${code ?? signal}\n`);
      // Ends by a signal are ours.
      if (code === null || code === 0) return;
      this.#anomaly(`${name} ended with exit code ${code}: ${process.complaints.at(-1) ?? 'no error'}`);
      if (this.#slots.includes(slot)) this.#restart(slot, 0);
    });
  }

  /** All partitions are counted by other processes, and all processes run again. */
  async #settled(): Promise<void> {
    const isSettled = (): boolean =>
      this.takeovers.isOver && this.#slots.every(({ process }) => process.isRunning && process.hasJoined);
    await this.#until('a takeover', isSettled);
    const { partitions } = this.#options;
    const isBalanced = (): boolean =>
      this.#slots.every(({ process }) => process.owned.length > 0) &&
      this.#slots.reduce((sum, { process }) => sum + process.owned.length, 0) === partitions;
    // A process that has just joined owns nothing yet: its end would show nothing.
    for (let waitedMs = 0; waitedMs < balanceMsMax && !isBalanced(); waitedMs += lookMs) await sleep(lookMs);
    await sleep(this.#random() * 1_000);
  }

  /** @throws when nothing more is produced */
  async #until(what: string, holds: () => boolean): Promise<void> {
    const startMs = nowMs();
    while (!holds()) {
      await sleep(lookMs);
      this.#options.feed.throwOnFailed();
      if (nowMs() - startMs < patienceMs) continue;
      const processes = this.#slots.map(({ process }) => `${process.name} owns ${process.owned.join(' ')}`);
      this.#anomaly(
        `${what} took longer than ${patienceMs / 1_000} s: ${this.takeovers.open} (${processes.join(', ')})`,
      );
      this.takeovers.giveUp();
      return;
    }
  }

  #collect({ complaints }: CountingProcess): void {
    for (const complaint of complaints) this.complaints.push(complaint);
  }

  #track(pending: Promise<void>): void {
    this.#pending.add(pending);
    void pending.finally(() => this.#pending.delete(pending));
  }

  #anomaly(text: string): void {
    this.#options.onAnomaly(`${this.#options.groupId}: ${text}`);
  }
}
