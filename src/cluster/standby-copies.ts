import { toClusterError, type ClusterError } from '../errors.ts';
import type { GroupProcesses } from '../kafka/kafkajs/changelog-admin.ts';
import type { Partition } from '../protocol/ids.ts';
import { nowMs } from '../time/clock.ts';
import { sleep } from '../time/sleep.ts';
import { LastingTrouble } from './lasting-trouble.ts';
import { placeCopies } from './place-copies.ts';

export interface StandbyCopiesOptions {
  /** This process, as the others see it in the description of the group. */
  readonly run: string;
  /** Copies of each partition. */
  readonly copies: number;
  /** Asks the coordinator; undefined during a rebalance. */
  readonly processes: () => Promise<GroupProcesses | undefined>;
  /** Receives the partitions to hold when they have changed, including those that this process owns. */
  readonly hold: (partitions: readonly Partition[]) => void;
  readonly onTrouble: (error: ClusterError) => void;
  readonly signal: AbortSignal;
}

/** Between two looks at the group: one request to its coordinator. */
const lookMs = 2_000;
/** After a rebalance of an own member, in which others may still be. */
const soonMs = 500;
/**
 * A table is held for this long after its placement elsewhere, so that a partition that comes back
 * is not read from its start, and the process that takes over the copy has time to read it.
 */
const keepMs = 30_000;

/**
 * Decides which partitions this process holds, when `--standby-replicas` is a number: those that it
 * owns, and its share of the copies. Each process derives both from the description of the group.
 */
export class StandbyCopies {
  readonly #options: StandbyCopiesOptions;
  readonly #trouble: LastingTrouble;
  /** When a partition was last found to belong here, time/clock.ts. */
  readonly #wantedMs = new Map<number, number>();
  #held = '';
  #nudge = new AbortController();

  constructor(options: StandbyCopiesOptions) {
    this.#options = options;
    const { onTrouble } = options;
    // Copies are not needed for exact counts: no trouble with them ends the group.
    this.#trouble = new LastingTrouble({ onTrouble, onLasting: () => undefined });
    void this.#watch();
  }

  /** The group has changed: look at it soon. */
  changed(): void {
    this.#nudge.abort();
  }

  async #watch(): Promise<void> {
    const { signal } = this.#options;
    while (!signal.aborted) {
      await this.#look();
      this.#nudge = new AbortController();
      const nudged = AbortSignal.any([signal, this.#nudge.signal]);
      const cut = await sleep(lookMs, false, { signal: nudged }).catch(() => true);
      if (cut) await sleep(soonMs, undefined, { signal }).catch(() => undefined);
    }
  }

  async #look(): Promise<void> {
    try {
      const found = await this.#options.processes();
      this.#trouble.worked();
      // Without members in the group, this process has no place among the others.
      if (found?.processes.includes(this.#options.run) === true) this.#place(found, nowMs());
    } catch (error) {
      if (!this.#options.signal.aborted) this.#trouble.failed(toClusterError(error), nowMs());
    }
  }

  #place({ processes, owners }: GroupProcesses, atMs: number): void {
    const { run, copies, hold } = this.#options;
    const placed = placeCopies({ processes, owners, copies });
    for (const [partition, owner] of owners.entries()) {
      if (owner === run || placed[partition]?.includes(run) === true) this.#wantedMs.set(partition, atMs);
    }
    for (const [partition, wantedMs] of this.#wantedMs) {
      if (atMs - wantedMs > keepMs) this.#wantedMs.delete(partition);
    }
    const partitions = [...this.#wantedMs.keys()].sort((left, right) => left - right) as Partition[];
    if (partitions.join() === this.#held) return;
    this.#held = partitions.join();
    hold(partitions);
  }
}
