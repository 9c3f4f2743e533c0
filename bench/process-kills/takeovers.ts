import { nowMs } from '../../src/time/clock.ts';
import type { SeenCommit } from '../../src/stress/processes/changelog-state.ts';

/** A commit, and when the member produced it by time/clock.ts. */
export interface TimedCommit extends SeenCommit {
  readonly producedMs: number;
}

export const causes = ['kill -9', 'kill -9 of all', 'SIGSTOP', 'SIGTERM'] as const;
export type Cause = (typeof causes)[number];

/** The process commits what it has counted before it ends. */
const handsOver: Readonly<Record<Cause, boolean>> = {
  'kill -9': false,
  'kill -9 of all': false,
  SIGSTOP: false,
  SIGTERM: true,
};

export interface Failure {
  readonly cause: Cause;
  /** Those that the processes owned. */
  readonly partitions: readonly number[];
  /** Number that failed. */
  readonly processes: number;
  /** Other processes ran that could take over. */
  readonly hasOthers: boolean;
}

export interface Gap {
  readonly cause: Cause;
  readonly ms: number;
}

interface Open {
  readonly failure: Failure;
  readonly atMs: number;
  /** Of the failed process. */
  readonly writer: number | undefined;
  /** Another failure came before the takeover: the gap is not measured. */
  isDisturbed: boolean;
  lastMs: number;
}

/** Measures how long partitions wait for a commit of another process. */
export class Takeovers {
  readonly gaps: Gap[] = [];
  readonly counts = new Map<Cause, number>();
  readonly #open = new Map<number, Open>();
  readonly #writers = new Map<number, number>();
  /** Processes killed with SIGKILL. */
  kills = 0;

  begin(failure: Failure): void {
    const { cause, processes, partitions } = failure;
    this.counts.set(cause, (this.counts.get(cause) ?? 0) + 1);
    if (cause.startsWith('kill')) this.kills += processes;
    for (const open of this.#open.values()) open.isDisturbed = true;
    const atMs = nowMs();
    for (const partition of partitions) {
      const isDisturbed = this.#open.has(partition);
      this.#open.set(partition, { failure, atMs, writer: this.#writers.get(partition), isDisturbed, lastMs: atMs });
    }
  }

  committed(partition: number, { writer, producedMs, seenMs }: TimedCommit): void {
    this.#writers.set(partition, writer);
    const open = this.#open.get(partition);
    if (open === undefined) return;
    const { failure, atMs } = open;
    // A process that is stopped gracefully commits until it has handed over.
    const isFailed = handsOver[failure.cause] ? writer === open.writer : producedMs <= atMs;
    if (isFailed) {
      open.lastMs = Math.max(open.lastMs, seenMs);
      return;
    }
    this.#open.delete(partition);
    const isMeasured = !open.isDisturbed && (failure.hasOthers || failure.cause === 'kill -9 of all');
    if (isMeasured) this.gaps.push({ cause: failure.cause, ms: seenMs - open.lastMs });
  }

  get isOver(): boolean {
    return this.#open.size === 0;
  }

  /** Says what is not over. */
  get open(): string {
    const parts = [...this.#open].map(([partition, { failure }]) => `partition ${partition} after ${failure.cause}`);
    return parts.length === 0 ? 'no partition waits' : parts.join(', ');
  }

  giveUp(): void {
    this.#open.clear();
  }
}
