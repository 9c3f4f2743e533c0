import { nowMs } from '../../time/clock.ts';
import { sleep } from '../../time/sleep.ts';
import { CountingProcess } from './counting-process.ts';
import type { ProcessEvent } from './process-event.ts';

export interface ProcessGroupOptions {
  /** Arguments of each process. */
  readonly args: readonly string[];
  readonly onEvent: (event: ProcessEvent) => void;
}

/** Longest time from SIGTERM to the end; nothing may wait for transaction.timeout.ms, 60 s. */
const stopMsMax = 45_000;
const killMsMax = 10_000;

/** The processes of one durable group. */
export class ProcessGroup {
  readonly #options: ProcessGroupOptions;
  readonly #live = new Set<CountingProcess>();
  /** Number of processes that have been started. */
  started = 0;
  /** Number of processes that have been killed by a fault. */
  killed = 0;

  constructor(options: ProcessGroupOptions) {
    this.#options = options;
  }

  /** Processes that have not ended. */
  get live(): readonly CountingProcess[] {
    return [...this.#live];
  }

  /** Processes that are neither stopped nor paused nor being ended. */
  get running(): readonly CountingProcess[] {
    return this.live.filter(({ isRunning }) => isRunning);
  }

  /** Every process that has not ended runs and has joined the group. */
  get hasJoined(): boolean {
    return this.live.every(({ isRunning, hasJoined }) => isRunning && hasJoined);
  }

  /**
   * Chooses a process that runs. Those without partitions have nothing to lose, so they are chosen
   * only if no process has any.
   */
  choose(random: () => number): CountingProcess | undefined {
    const { running } = this;
    const owners = running.filter(({ owned }) => owned.length > 0);
    const among = owners.length > 0 ? owners : running;
    return among[Math.floor(random() * among.length)];
  }

  start(): CountingProcess {
    this.started += 1;
    const { args, onEvent } = this.#options;
    const name = `process-${this.started}`;
    const counting = new CountingProcess({
      ...{ name, args },
      onLine: (line) => {
        onEvent({ type: 'printed', atMs: nowMs(), process: name, line });
      },
      onOwned: (partitions) => {
        onEvent({ type: 'owns', atMs: nowMs(), process: name, partitions });
      },
    });
    this.#live.add(counting);
    onEvent({ type: 'started', atMs: nowMs(), process: name });
    void counting.ended.then(({ code, signal }) => {
      this.#live.delete(counting);
      const complaint = counting.complaints.at(-1);
      onEvent({ type: 'ended', atMs: nowMs(), process: name, code, signal, complaint });
    });
    return counting;
  }

  signal(counting: CountingProcess, signal: 'SIGKILL' | 'SIGTERM' | 'SIGSTOP' | 'SIGCONT'): void {
    this.#options.onEvent({ type: 'signalled', atMs: nowMs(), process: counting.name, signal, owned: counting.owned });
    counting.signal(signal);
  }

  async kill(counting: CountingProcess): Promise<void> {
    this.killed += 1;
    this.signal(counting, 'SIGKILL');
    await counting.ended;
  }

  /** Ends a process gracefully, or kills it after a time that no process may take. */
  async stop(counting: CountingProcess): Promise<void> {
    this.signal(counting, 'SIGTERM');
    const end = await Promise.race([counting.ended, sleep(stopMsMax, undefined, { ref: false })]);
    if (end !== undefined) return;
    this.#options.onEvent({ type: 'notEnded', atMs: nowMs(), process: counting.name, afterMs: stopMsMax });
    this.signal(counting, 'SIGKILL');
    await counting.ended;
  }

  /** Ends all processes gracefully. */
  async stopAll(): Promise<void> {
    await Promise.all(this.live.map((counting) => this.stop(counting)));
  }

  /** @returns names of the processes that could not be killed */
  async killAll(): Promise<readonly string[]> {
    const live = this.live;
    for (const counting of live) this.signal(counting, 'SIGKILL');
    await Promise.race([Promise.all(live.map(({ ended }) => ended)), sleep(killMsMax, undefined, { ref: false })]);
    return this.live.map(({ name }) => name);
  }
}
