import type { MemberId, Partition } from '../protocol/ids.ts';

interface Wait {
  readonly by: MemberId;
  readonly sinceMs: number;
}

/**
 * Finds partitions that the coordinator has given to a new owner while the old one sits on the table: it is stuck, or has
 * not heard yet that it is out of the group. Pure but for what it remembers.
 */
export class HandoverWatch {
  readonly #limitMs: number;
  readonly #waits = new Map<Partition, Wait>();
  /** Who lost which table to a new owner, and has not given the partition back to the group since. */
  readonly #fenced = new Map<Partition, Set<MemberId>>();

  /** @param limitMs - how long an old owner that is well may take to hand over */
  constructor(limitMs: number) {
    this.#limitMs = limitMs;
  }

  /** @param waiting - of every live member, partitions it was given but whose tables others hold. @returns those to be taken */
  look(waiting: ReadonlyMap<MemberId, readonly Partition[]>, nowMs: number): Partition[] {
    const overdue: Partition[] = [];
    const seen = new Set<Partition>();
    for (const [memberId, partitions] of waiting) {
      for (const partition of partitions) {
        // One that was fenced waits for its own table: the group may have given it away, so it has no claim.
        if (this.#fenced.get(partition)?.has(memberId) === true) continue;
        seen.add(partition);
        const wait = this.#waits.get(partition);
        if (wait?.by !== memberId) this.#waits.set(partition, { by: memberId, sinceMs: nowMs });
        else if (nowMs - wait.sinceMs >= this.#limitMs) overdue.push(partition);
      }
    }
    for (const partition of this.#waits.keys()) if (!seen.has(partition)) this.#waits.delete(partition);
    return overdue;
  }

  fenced(memberId: MemberId, partition: Partition): void {
    const members = this.#fenced.get(partition) ?? new Set();
    this.#fenced.set(partition, members.add(memberId));
  }

  /** The member gave the partition back: when it comes again, the member has a claim again. */
  gaveBack(memberId: MemberId, partitions: readonly Partition[]): void {
    for (const partition of partitions) this.#fenced.get(partition)?.delete(memberId);
  }
}
