import type { RebalanceEvent } from '../../src/kafka/native/consumer.ts';
import type { MemberId } from '../../src/protocol/ids.ts';
import type { GroupOffsets } from './sim-client.ts';
import { Violation } from './violation.ts';
import type { WatchedTable } from './watched-table.ts';

interface GroupMember {
  /** Assigned by the group, although the member may not know yet. */
  given: readonly number[];
  /** Rebalances that the member has not received yet, oldest first. */
  readonly callbacks: RebalanceEvent[];
}

/**
 * The group's coordinator as members see it: assignments, which each member receives late and at a
 * different time, so that two of them have one partition at once; and the committed offsets.
 */
export class SimGroup implements GroupOffsets {
  readonly #protocol: 'EAGER' | 'COOPERATIVE';
  readonly #tables: readonly WatchedTable[];
  readonly #members = new Map<MemberId, GroupMember>();
  readonly #committed = new Map<number, number>();
  /** Partitions whose committed offset another tool has set. */
  readonly meddled = new Set<number>();

  constructor(protocol: 'EAGER' | 'COOPERATIVE', tables: readonly WatchedTable[]) {
    this.#protocol = protocol;
    this.#tables = tables;
  }

  join(memberId: MemberId): void {
    this.#members.set(memberId, { given: [], callbacks: [] });
  }

  /** The group removes the member. If it lives, it learns later that its partitions are lost. */
  drop(memberId: MemberId): void {
    const member = this.#members.get(memberId);
    if (member === undefined) return;
    if (member.given.length > 0) member.callbacks.push({ type: 'revoke', partitions: [...member.given], lost: true });
    member.given = [];
  }

  forget(memberId: MemberId): void {
    this.#members.delete(memberId);
  }

  members(): MemberId[] {
    return [...this.#members.keys()];
  }

  /** Whether every partition is assigned. */
  isComplete(partitions: number): boolean {
    return [...this.#members.values()].reduce((sum, { given }) => sum + given.length, 0) === partitions;
  }

  /**
   * Gives each partition to one of the members.
   * @param owners - index is the partition
   * @param among - who takes part; the others have been dropped and have not joined again
   */
  rebalance(owners: readonly MemberId[], among: readonly MemberId[] = this.members()): void {
    for (const [memberId, member] of this.#members) {
      if (!among.includes(memberId)) continue;
      const now = owners.flatMap((owner, partition) => (owner === memberId ? [partition] : []));
      const stays = (partition: number): boolean => this.#protocol === 'COOPERATIVE' && now.includes(partition);
      const had = (partition: number): boolean => this.#protocol === 'COOPERATIVE' && member.given.includes(partition);
      const revoked = member.given.filter((partition) => !stays(partition));
      if (revoked.length > 0) member.callbacks.push({ type: 'revoke', partitions: revoked, lost: false });
      member.callbacks.push({ type: 'assign', partitions: now.filter((partition) => !had(partition)), lost: false });
      member.given = now;
    }
  }

  /** @returns the member's next rebalance, and whether a later one outdates it */
  takeCallback(memberId: MemberId): { readonly event: RebalanceEvent; readonly outdated: boolean } | undefined {
    const callbacks = this.#members.get(memberId)?.callbacks ?? [];
    const event = callbacks.shift();
    return event === undefined ? undefined : { event, outdated: callbacks.length > 0 };
  }

  /** The member received these partitions too late to take them. The group learns of it when the member joins again. */
  notTaken(memberId: MemberId, partitions: readonly number[]): void {
    const member = this.#members.get(memberId);
    if (member === undefined || this.#protocol === 'EAGER') return;
    let refused = partitions;
    for (const [index, event] of member.callbacks.entries()) {
      if (event.type === 'revoke') {
        const known = event.partitions.filter((partition) => !refused.includes(partition));
        member.callbacks[index] = { ...event, partitions: known };
      }
      // What became of them after that is nothing that was refused.
      refused = refused.filter((partition) => !event.partitions.includes(partition));
    }
    member.given = member.given.filter((partition) => !refused.includes(partition));
  }

  committedOffset(partition: number): number | undefined {
    return this.#committed.get(partition);
  }

  /**
   * Only the partition's member may commit.
   * @throws Violation when the offset is ahead of the table, or the member has released the table
   */
  commit(memberId: number, partition: number, offset: number): boolean {
    const table = this.#tables[partition];
    if (table?.wasReleasedBy(memberId) === true) {
      throw new Violation('commits', `member ${memberId} commits partition ${partition} after releasing its table`);
    }
    const next = table?.nextOffset ?? 0;
    if (offset > next) {
      throw new Violation(
        'commits',
        `member ${memberId} commits ${offset} of partition ${partition}, counted up to ${next}`,
      );
    }
    if (this.#members.get(memberId as MemberId)?.given.includes(partition) !== true) return false;
    this.#committed.set(partition, offset);
    return true;
  }

  /** Another tool resets the committed offset, backward or forward. */
  meddle(partition: number, offset: number): void {
    this.#committed.set(partition, offset);
    this.meddled.add(partition);
  }
}
