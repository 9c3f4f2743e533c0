import type { MemberId, Partition } from '../protocol/ids.ts';

interface Wait {
  readonly by: MemberId;
  readonly sinceMs: number;
}

/**
 * Finds partitions that the group has assigned to a new owner while the old owner holds the table
 * for too long: it is stuck, or does not know yet that it is out of the group.
 */
export class HandoverTimeout {
  readonly #limitMs: number;
  readonly #waits = new Map<Partition, Wait>();
  /** Members whose lease was revoked, and from which the group has not revoked the partition since. */
  readonly #revoked = new Map<Partition, Set<MemberId>>();

  /** @param limitMs - time that an old owner may take to hand over */
  constructor(limitMs: number) {
    this.#limitMs = limitMs;
  }

  /**
   * @param waiting - for every live member, assigned partitions whose tables others hold
   * @returns partitions whose leases are to be revoked
   */
  overdue(waiting: ReadonlyMap<MemberId, readonly Partition[]>, nowMs: number): Partition[] {
    const found: Partition[] = [];
    const seen = new Set<Partition>();
    for (const [memberId, partitions] of waiting) {
      for (const partition of partitions) {
        // A member whose lease was revoked waits for its own table. It has no claim, because the group
        // may have assigned the partition to another.
        if (this.#revoked.get(partition)?.has(memberId) === true) continue;
        seen.add(partition);
        const wait = this.#waits.get(partition);
        if (wait?.by !== memberId) this.#waits.set(partition, { by: memberId, sinceMs: nowMs });
        else if (nowMs - wait.sinceMs >= this.#limitMs) found.push(partition);
      }
    }
    for (const partition of this.#waits.keys()) if (!seen.has(partition)) this.#waits.delete(partition);
    return found;
  }

  leaseRevoked(memberId: MemberId, partition: Partition): void {
    const members = this.#revoked.get(partition) ?? new Set();
    this.#revoked.set(partition, members.add(memberId));
  }

  /** The group has revoked the partitions. If it assigns them again, the member has a claim again. */
  onRevoked(memberId: MemberId, partitions: readonly Partition[]): void {
    for (const partition of partitions) this.#revoked.get(partition)?.delete(memberId);
  }
}
