import type { HistoryEvent } from '../../history/event.ts';
import type { Check, CheckContext, CheckFold, Evidence, Judged, Violation } from '../check.ts';
import { Lag } from '../lag.ts';
import { PartitionMap } from '../partition-map.ts';

export const noSilentStop: Check = {
  name: 'no-silent-stop',
  code: 'V11',
  definition:
    'While members are alive, no partition with lag goes without progress for longer than the time limit, unless an error is reported or its owner is found stuck (once per member). The time is paused during a fault and restarts when the fault ends. A group whose topic was recreated stops with an error.',
  start: (context, report) => new Silence(context, report),
};

interface PartitionState {
  readonly lag: Lag;
  owner: number | undefined;
  /** Time of the last batch. */
  movedAtMs: number;
  ticket: number;
  reported: boolean;
}

class Silence implements CheckFold {
  readonly #silenceMs: number;
  readonly #report: (violation: Violation) => void;
  readonly #partitions: PartitionMap<PartitionState>;
  readonly #live = new Set<number>();
  readonly #faults = new Set<number>();
  /**
   * Members found stuck so far. Only the first report counts, because a stuck thread is reported
   * repeatedly.
   */
  readonly #stuck = new Set<number>();
  /** False until the first batch; a group is not judged before it. */
  #begun = false;
  #excusedAtMs = -Infinity;
  #longestMs = 0;
  #lastMs = 0;
  #known = false;

  constructor({ silenceMs, beginOffsets }: CheckContext, report: (violation: Violation) => void) {
    this.#silenceMs = silenceMs;
    this.#report = report;
    this.#partitions = new PartitionMap((partition) => ({
      lag: new Lag(beginOffsets[partition] ?? 0),
      owner: undefined,
      movedAtMs: -Infinity,
      ticket: 0,
      reported: false,
    }));
  }

  add(event: HistoryEvent): void {
    this.#lastMs = event.atMs;
    switch (event.type) {
      case 'started':
        if (this.#live.size === 0) this.#excusedAtMs = event.atMs;
        this.#live.add(event.member);
        break;
      case 'exited':
        this.#live.delete(event.member);
        break;
      case 'acquired':
        this.#partitions.get(event.partition).owner = event.member;
        break;
      case 'stuck':
        this.#foundStuck(event.member, event.atMs);
        break;
      case 'errorSeen':
        this.#excusedAtMs = event.atMs;
        break;
      case 'faultBegun':
        this.#faults.add(event.index);
        break;
      case 'faultEnded':
        this.#faults.delete(event.index);
        this.#excusedAtMs = event.atMs;
        break;
      case 'produced':
        this.#known = true;
        this.#look(event.partition, event.atMs);
        this.#partitions.get(event.partition).lag.add(event);
        break;
      case 'batchApplied':
      case 'advanced':
        this.#moved(event);
        break;
      default:
        break;
    }
  }

  finish({ stoppedAtNewTopic }: Evidence): Judged {
    if (stoppedAtNewTopic === false) {
      this.#report({ message: 'the topic was recreated, but the group continued', tickets: [] });
    }
    for (const [partition] of this.#partitions) this.#look(partition, this.#lastMs);
    if (!this.#known) return { skipped: 'the produced records were not recorded' };
    return { reported: { longestMs: Math.round(this.#longestMs) } };
  }

  #moved(event: Extract<HistoryEvent, { type: 'batchApplied' | 'advanced' }>): void {
    if (!this.#begun) this.#excusedAtMs = event.atMs;
    this.#begun = true;
    this.#look(event.partition, event.atMs);
    const state = this.#partitions.get(event.partition);
    state.lag.add(event);
    state.movedAtMs = event.atMs;
    state.ticket = event.ticket;
    state.reported = false;
  }

  #foundStuck(member: number, atMs: number): void {
    if (this.#stuck.has(member)) return;
    this.#stuck.add(member);
    for (const [partition, state] of this.#partitions) {
      if (state.owner !== member) continue;
      this.#look(partition, atMs);
      state.movedAtMs = atMs;
    }
  }

  #look(partition: number, atMs: number): void {
    const state = this.#partitions.get(partition);
    const { sinceMs } = state.lag;
    if (!this.#begun || sinceMs === undefined || this.#live.size === 0 || this.#faults.size > 0) return;
    const stoodMs = atMs - Math.max(sinceMs, state.movedAtMs, this.#excusedAtMs);
    this.#longestMs = Math.max(this.#longestMs, stoodMs);
    if (stoodMs <= this.#silenceMs || state.reported) return;
    state.reported = true;
    const message = `partition ${partition}: no progress for ${Math.round(stoodMs)} ms despite lag, and no error was reported`;
    this.#report({ message, partition, tickets: state.ticket === 0 ? [] : [state.ticket] });
  }
}
