import type { RebalanceEvent } from '../../../src/kafka/native/consumer.ts';

export interface Callback {
  readonly event: RebalanceEvent;
  /** The generation that the member knows once it has received this. */
  readonly generation: number | undefined;
}

/** A member of the group, until the group removes it. */
export interface GroupMember {
  readonly clientId: string;
  /** Known to the member. */
  generation: number;
  given: readonly number[];
  /** Revoked, and not yet given back. */
  revoking: readonly number[];
  readonly callbacks: Callback[];
  removed: boolean;
  /** A later member has its group.instance.id. */
  fenced: boolean;
}

/**
 * The group coordinator. A partition gets its next owner only after the former one has given it
 * back or was removed. A member that was removed learns it late.
 */
export class DurableGroup {
  generation = 0;
  readonly #protocol: 'EAGER' | 'COOPERATIVE';
  readonly #partitions: number;
  readonly #members = new Map<string, GroupMember>();
  /** By client id, removed ones too. */
  readonly #newest = new Map<string, GroupMember>();
  /** Members have joined or were removed since the last generation began. */
  #isDisturbed = true;
  /** Owner by partition, once all revoked partitions are back. */
  #target: readonly (string | undefined)[] | undefined;

  constructor(protocol: 'EAGER' | 'COOPERATIVE', partitions: number) {
    this.#protocol = protocol;
    this.#partitions = partitions;
  }

  /**
   * A static member takes the place of an earlier one with its client id, in the same generation and
   * without a rebalance.
   */
  join(clientId: string): GroupMember {
    const member: GroupMember = {
      ...{ clientId, generation: -1, given: [], revoking: [], callbacks: [], removed: false, fenced: false },
    };
    // It may have been removed from the group before, and not have noticed it yet.
    const earlier = this.#newest.get(clientId);
    if (earlier !== undefined) earlier.fenced = true;
    this.#newest.set(clientId, member);
    const replaced = this.#members.get(clientId);
    this.#members.set(clientId, member);
    if (replaced === undefined) this.#isDisturbed = true;
    else this.#replace(replaced, member);
    return member;
  }

  /** The session has ended, or the member has left. @param member - only this one with the client id */
  remove(clientId: string, only?: GroupMember): void {
    const member = this.#members.get(clientId);
    if (member === undefined || (only !== undefined && only !== member)) return;
    member.removed = true;
    this.#members.delete(clientId);
    // Its generation is over: offsets of it are refused from now on.
    this.generation += 1;
    this.#isDisturbed = true;
  }

  #replace(replaced: GroupMember, member: GroupMember): void {
    replaced.removed = true;
    // During a rebalance the new one releases what it never had, and gets its part in the end.
    if (this.#target === undefined) {
      member.given = replaced.given;
      const event: RebalanceEvent = { type: 'assign', partitions: [...replaced.given], lost: false };
      const newest = replaced.callbacks.findLast(({ generation }) => generation !== undefined)?.generation;
      member.callbacks.push({ event, generation: newest ?? replaced.generation });
    }
    replaced.given = [];
    replaced.revoking = [];
  }

  /** A rebalance is due. */
  get isDisturbed(): boolean {
    return this.#isDisturbed && this.#target === undefined;
  }

  get clientIds(): string[] {
    return [...this.#members.keys()];
  }

  /** The group knows the member in this generation: it accepts its offsets. */
  accepts(member: GroupMember, generation: number): boolean {
    return !member.removed && generation === this.generation;
  }

  get isComplete(): boolean {
    const given = [...this.#members.values()].reduce((sum, { given }) => sum + given.length, 0);
    return this.#target === undefined && !this.#isDisturbed && given === this.#partitions;
  }

  /** Begins a rebalance. @param pick - chooses an owner for each partition */
  rebalance(pick: (clientIds: readonly string[]) => string): void {
    if (this.#target !== undefined || this.#members.size === 0) return;
    const target = Array.from({ length: this.#partitions }, () => pick(this.clientIds));
    this.#target = target;
    for (const member of this.#members.values()) {
      const keeps = (partition: number): boolean =>
        this.#protocol === 'COOPERATIVE' && target[partition] === member.clientId;
      member.revoking = member.given.filter((partition) => !keeps(partition));
      if (member.revoking.length === 0) continue;
      const event: RebalanceEvent = { type: 'revoke', partitions: [...member.revoking], lost: false };
      member.callbacks.push({ event, generation: undefined });
    }
  }

  /** The member has given partitions back. */
  unassigned(member: GroupMember, partitions: readonly number[]): void {
    const isOther = (partition: number): boolean => !partitions.includes(partition);
    member.given = member.given.filter(isOther);
    member.revoking = member.revoking.filter(isOther);
  }

  /** All revoked partitions are back: the next generation begins. */
  complete(): void {
    const target = this.#target;
    if (target === undefined || [...this.#members.values()].some(({ revoking }) => revoking.length > 0)) return;
    this.#target = undefined;
    this.#isDisturbed = false;
    this.generation += 1;
    for (const member of this.#members.values()) {
      const now = target.flatMap((owner, partition) => (owner === member.clientId ? [partition] : []));
      const added = now.filter((partition) => !member.given.includes(partition));
      member.given = now;
      const event: RebalanceEvent = { type: 'assign', partitions: added, lost: false };
      member.callbacks.push({ event, generation: this.generation });
    }
  }
}
