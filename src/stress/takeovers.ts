import type { FaultEvent, HistoryEvent, MemberEffect } from '../history/event.ts';
import { Lag } from '../verify/lag.ts';
import { PartitionMap } from '../verify/partition-map.ts';
import type { MeasuredTakeover } from './run-outcome.ts';

interface Pending {
  readonly cause: string;
  readonly member: number;
  readonly atMs: number;
}

/** Whether a member survives a fault. Partitions of the others are taken over, if late. */
const survives: Readonly<Record<MemberEffect, boolean>> = { ends: false, sticks: false, stalls: true };

/**
 * How long partitions waited when a fault hit their owner: from the beginning of the fault, or from
 * the next record to count, to the first batch that another member applied. An owner that continues
 * is not taken over from.
 */
export class Takeovers {
  readonly found: MeasuredTakeover[] = [];
  readonly #owners = new Map<number, number>();
  readonly #pending = new Map<number, Pending>();
  /** Topics of stress tests begin at offset 0. */
  readonly #lags = new PartitionMap(() => new Lag(0));

  /** Events in the order of their tickets. */
  add(event: HistoryEvent): void {
    if (event.type === 'acquired') this.#owners.set(event.partition, event.member);
    else if (event.type === 'batchApplied') this.#applied(event);
    else if (event.type === 'faultBegun') this.#begun(event);
    else if (event.type === 'faultEnded') this.#ended(event);
    // After the batch, which may have ended the lag that it is measured by.
    if ('partition' in event) this.#lags.get(event.partition).add(event);
  }

  #begun({ members = [], kind, silent, atMs }: FaultEvent): void {
    // Takeovers that wait for the session to expire are counted separately.
    const cause = silent === true ? `${kind} in silence` : kind;
    for (const [partition, member] of this.#owners) {
      if (!members.includes(member) || this.#pending.has(partition)) continue;
      this.#pending.set(partition, { cause, member, atMs });
    }
  }

  #ended({ members = [], kind, memberEffect }: FaultEvent): void {
    if (memberEffect !== undefined && !survives[memberEffect]) return;
    for (const [partition, { cause, member }] of this.#pending) {
      const survived = members.includes(member) && this.#owners.get(partition) === member;
      if (kind === cause && survived) this.#pending.delete(partition);
    }
  }

  /**
   * What the owner still applied after the fault began does not end the wait: a cut takes effect
   * slowly.
   */
  #applied(batch: { readonly partition: number; readonly member: number; readonly atMs: number }): void {
    const pending = this.#pending.get(batch.partition);
    if (pending === undefined || pending.member === batch.member) return;
    this.#pending.delete(batch.partition);
    const sinceMs = Math.max(pending.atMs, this.#lags.get(batch.partition).sinceMs ?? pending.atMs);
    this.found.push({ cause: pending.cause, tookMs: batch.atMs - sinceMs });
  }
}
