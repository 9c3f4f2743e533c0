import type { MeasuredTakeover } from '../run-outcome.ts';
import type { ProcessEvent } from './process-event.ts';

/** Kinds of faults by the signal with which they reach a process. */
const causes: Readonly<Partial<Record<NodeJS.Signals, string>>> = {
  SIGKILL: 'process-kill',
  SIGSTOP: 'process-pause',
  SIGTERM: 'process-stop',
};

interface Pending {
  readonly process: string;
  readonly cause: string;
  readonly writer: number | undefined;
  sinceMs: number;
  isResumed: boolean;
}

/**
 * How long partitions waited when their process was killed, paused or stopped: from the signal, or
 * from the last commit seen of its member, to the first one seen of another.
 */
export class ProcessTakeovers {
  readonly found: MeasuredTakeover[] = [];
  readonly #writers = new Map<number, number>();
  readonly #pending = new Map<number, Pending>();

  add(event: ProcessEvent): void {
    if (event.type === 'signalled') this.#signalled(event);
    else if (event.type === 'committed') this.#committed(event);
  }

  #signalled({ process, signal, owned, atMs }: Extract<ProcessEvent, { type: 'signalled' }>): void {
    if (signal === 'SIGCONT') {
      for (const pending of this.#pending.values()) if (pending.process === process) pending.isResumed = true;
    }
    const cause = causes[signal];
    if (cause === undefined) return;
    for (const partition of owned) {
      const writer = this.#writers.get(partition);
      this.#pending.set(partition, { process, cause, writer, sinceMs: atMs, isResumed: false });
    }
  }

  #committed({ partition, writer, seenMs }: Extract<ProcessEvent, { type: 'committed' }>): void {
    this.#writers.set(partition, writer);
    const pending = this.#pending.get(partition);
    if (pending === undefined) return;
    if (writer === pending.writer && !pending.isResumed) {
      pending.sinceMs = seenMs;
      return;
    }
    this.#pending.delete(partition);
    if (writer !== pending.writer) this.found.push({ cause: pending.cause, tookMs: seenMs - pending.sinceMs });
  }
}
