import type { FaultEvent, HistoryEvent } from '../history/event.ts';
import type { CheckContext, TakeoverBounds } from './check.ts';
import { Disturbances } from './disturbances.ts';
import { Lag } from './lag.ts';
import { PartitionMap } from './partition-map.ts';

export type TakeoverCause = 'leave' | 'death' | 'stuck';

/** A partition that changed from a member that left, died or was stuck to another member. */
export interface Takeover {
  readonly partition: number;
  readonly cause: TakeoverCause;
  readonly from: number;
  /** Undefined until a member has taken the partition over. */
  readonly to: number | undefined;
  /** Time from the failure, or from when there was lag, to the first batch of another member. */
  readonly tookMs: number;
  /**
   * The same time, measured from the last disturbance by other members; the bound applies to it.
   */
  readonly undisturbedMs: number;
  readonly boundMs: number;
  /** False when no bound applies, because lag is unknown or a fault blocked the whole group. */
  readonly judged: boolean;
  readonly tickets: readonly number[];
}

interface Loss {
  readonly cause: TakeoverCause;
  readonly member: number;
  readonly atMs: number;
  readonly ticket: number;
}

interface PartitionState {
  readonly lag: Lag;
  owner: number | undefined;
  loss: Loss | undefined;
}

const boundOf = { leave: 'leaveMs', death: 'deathMs', stuck: 'stuckMs' } as const satisfies Record<
  TakeoverCause,
  keyof TakeoverBounds
>;

/** Measures takeovers from a history. */
export class TakeoverTimes {
  readonly #bounds: TakeoverBounds;
  readonly #partitions: PartitionMap<PartitionState>;
  readonly #disturbances = new Disturbances();
  /** By member: when a fault stalled it or its thread ended. */
  readonly #stalledAtMs = new Map<number, number>();
  readonly #endedAtMs = new Map<number, number>();
  /** Members that a fault has blocked until they are ended, found stuck or not. */
  readonly #stuck = new Set<number>();
  readonly #group: string;
  /** Last time that a member other than this one left, died or got stuck. */
  #otherLoss = { member: -1, atMs: -Infinity };
  #earlierLoss = { member: -1, atMs: -Infinity };

  constructor({ group, bounds, beginOffsets }: CheckContext) {
    this.#group = group;
    this.#bounds = bounds;
    this.#partitions = new PartitionMap((partition) => ({
      lag: new Lag(beginOffsets[partition] ?? 0),
      owner: undefined,
      loss: undefined,
    }));
  }

  /** @returns the takeover that this event completes */
  add(event: HistoryEvent): Takeover | undefined {
    this.#disturbances.add(event);
    let takeover: Takeover | undefined;
    switch (event.type) {
      case 'acquired':
        this.#partitions.get(event.partition).owner = event.member;
        break;
      case 'faultBegun':
        if (event.group !== undefined && event.group !== this.#group) break;
        for (const member of event.members ?? []) this.#hit(member, event);
        break;
      case 'exited':
        this.#stuck.delete(event.member);
        break;
      case 'terminated':
        this.#endedAtMs.set(event.member, event.atMs);
        break;
      case 'drainAsked':
        this.#lostAll('leave', event.member, event);
        break;
      case 'stuck':
        this.#lostAll('stuck', event.member, { ...event, atMs: this.#stalledAtMs.get(event.member) ?? event.atMs });
        break;
      case 'recovered':
        this.#recovered(event);
        break;
      case 'batchApplied':
        takeover = this.#applied(event);
        break;
      default:
        break;
    }
    if ('partition' in event) this.#partitions.get(event.partition).lag.add(event);
    return takeover;
  }

  /** Partitions that no member has taken over by the given time. */
  open(atMs: number): Takeover[] {
    return [...this.#partitions].flatMap(([partition, { loss, lag }]) =>
      loss === undefined || lag.sinceMs === undefined
        ? []
        : [this.#measured(partition, loss, { atMs, ticket: loss.ticket })],
    );
  }

  #hit(member: number, event: FaultEvent): void {
    switch (event.memberEffect) {
      case 'stalls':
        this.#stalledAtMs.set(member, event.atMs);
        return;
      case 'sticks':
        this.#stuck.add(member);
        this.#lostAll('stuck', member, event);
        return;
      // The event of the thread's end handles this case.
      case 'ends':
      case undefined:
        return;
    }
  }

  #lostAll(cause: TakeoverCause, member: number, { atMs, ticket }: { atMs: number; ticket: number }): void {
    for (const [, state] of this.#partitions)
      if (state.owner === member) state.loss ??= { cause, member, atMs, ticket };
    this.#noteLoss(member, atMs);
  }

  #recovered({
    partition,
    member,
    atMs,
    ticket,
  }: {
    partition: number;
    member: number;
    atMs: number;
    ticket: number;
  }): void {
    const state = this.#partitions.get(partition);
    state.owner = undefined;
    const diedAtMs = this.#endedAtMs.get(member) ?? atMs;
    // The member died while it was leaving: the bound of a death applies from that time.
    if (state.loss?.cause !== 'stuck') state.loss = { cause: 'death', member, atMs: diedAtMs, ticket };
    this.#noteLoss(member, diedAtMs);
  }

  #noteLoss(member: number, atMs: number): void {
    if (this.#otherLoss.member !== member) this.#earlierLoss = this.#otherLoss;
    this.#otherLoss = { member, atMs };
  }

  #applied(event: { partition: number; member: number; atMs: number; ticket: number }): Takeover | undefined {
    const state = this.#partitions.get(event.partition);
    const { loss } = state;
    if (loss === undefined) return undefined;
    if (loss.member === event.member) {
      // The owner recovered before a table was revoked from it, or before its partition made no
      // progress.
      const { atMs, ticket } = event;
      if (loss.cause === 'stuck') state.loss = this.#stuck.has(loss.member) ? { ...loss, atMs, ticket } : undefined;
      return undefined;
    }
    state.loss = undefined;
    return { ...this.#measured(event.partition, loss, event), to: event.member };
  }

  #measured(partition: number, loss: Loss, end: { atMs: number; ticket: number }): Takeover {
    const { lag } = this.#partitions.get(partition);
    const sinceMs = Math.max(loss.atMs, lag.sinceMs ?? loss.atMs);
    const other = this.#otherLoss.member === loss.member ? this.#earlierLoss : this.#otherLoss;
    return {
      partition,
      cause: loss.cause,
      from: loss.member,
      to: undefined,
      tookMs: end.atMs - sinceMs,
      undisturbedMs: end.atMs - Math.max(sinceMs, other.atMs),
      boundMs: this.#bounds[boundOf[loss.cause]],
      judged: lag.known && this.#disturbances.settledAtMs <= sinceMs,
      tickets: [loss.ticket, end.ticket],
    };
  }
}
