import type { FaultUnderWay } from '../faults/nemesis.ts';
import type { Takeover } from './run-outcome.ts';

interface Pending {
  readonly cause: string;
  readonly member: number;
  readonly atMs: number;
}

/** Members do not survive these: their partitions are taken over, if late. */
const fatal: readonly string[] = ['crash', 'throw', 'out-of-memory', 'stuck'];

/**
 * How long partitions stood still when their owner was hit: from the beginning of the fault to the first batch that
 * another member applied. An owner that goes on by itself was not taken over from.
 */
export class Takeovers {
  readonly found: Takeover[] = [];
  readonly #owners = new Map<number, number>();
  readonly #pending = new Map<number, Pending>();

  owned(partition: number, member: number): void {
    this.#owners.set(partition, member);
  }

  /** What the owner still applied after the fault began does not end the wait: a cut takes effect slowly. */
  applied(partition: number, member: number, atMs: number): void {
    const pending = this.#pending.get(partition);
    if (pending === undefined || pending.member === member) return;
    this.#pending.delete(partition);
    this.found.push({ cause: pending.cause, tookMs: atMs - pending.atMs });
  }

  begun({ members = [], planned }: FaultUnderWay, atMs: number): void {
    for (const [partition, member] of this.#owners) {
      if (!members.includes(member) || this.#pending.has(partition)) continue;
      this.#pending.set(partition, { cause: planned.kind, member, atMs });
    }
  }

  ended({ members = [], planned }: FaultUnderWay): void {
    if (fatal.includes(planned.kind)) return;
    for (const [partition, { cause, member }] of this.#pending) {
      const survived = members.includes(member) && this.#owners.get(partition) === member;
      if (planned.kind === cause && survived) this.#pending.delete(partition);
    }
  }
}
