import type { GroupConfig } from '../config/group.ts';
import { toErrorReport } from '../errors.ts';
import type { GroupObserver } from '../kafka/kafkajs/group-observer.ts';
import type { GroupMember } from '../kafka/kafkajs/leave-request.ts';
import { sleep } from '../time/sleep.ts';
import type { MemberId } from '../protocol/ids.ts';
import type { MemberHandle } from './member-handle.ts';
import type { ClusterEvent } from './supervisor-options.ts';

/** The part of a member's handle that departures need. */
type DepartingMember = Pick<
  MemberHandle,
  'memberId' | 'groupMemberId' | 'groupInstanceId' | 'state' | 'fenced' | 'hasJoined'
>;

export interface DeparturesOptions {
  readonly group: GroupConfig;
  /** Present when counting ends. */
  readonly endOffsets?: readonly number[];
  readonly observer: Pick<GroupObserver, 'leaveFor' | 'releaseInstanceIdOf'>;
  readonly roster: { readonly live: readonly DepartingMember[] };
  /** Aborted when the whole group is being ended. */
  readonly signal: AbortSignal;
  readonly emit: (event: ClusterEvent) => void;
}

interface Departed extends GroupMember {
  readonly memberId: MemberId;
}

/** A static member's slot is kept this long past the time of its replacement, so that one that starts at once takes it. */
const slotKeptMs = 1_000;

/**
 * Informs the group about members whose threads have ended, so that the group need not wait for their
 * session timeout. This happens only after the thread has ended, when its client can no longer
 * rejoin. A static member does not leave its group, even when it is drained: its group.instance.id
 * slot and its partitions are reserved for the replacement. When no replacement comes, the
 * supervisor leaves on its behalf.
 */
export class Departures {
  readonly #options: DeparturesOptions;
  /** Members on whose behalf the supervisor does not leave: the group notices their session's end. */
  readonly #suppressed = new Set<MemberId>();
  /** The last known member of each group.instance.id slot. */
  readonly #slots = new Map<string, Departed>();
  /** Members that start from now on are static. */
  staticMembership: boolean;

  constructor(options: DeparturesOptions) {
    this.#options = options;
    this.staticMembership = options.group.staticMembership;
  }

  /**
   * The group.instance.id slot for a member that is about to start; undefined for a dynamic member.
   */
  instanceIdForNext(): string | undefined {
    if (!this.staticMembership) return undefined;
    const taken = this.#options.roster.live.map(({ groupInstanceId }) => groupInstanceId);
    const { groupId, groupInstanceId = groupId } = this.#options.group;
    return freeInstanceId(groupInstanceId, taken);
  }

  /**
   * Whether a member of a durable group was fenced because another process uses its
   * group.instance.id. The other cause is a predecessor in this process, whose group.instance.id
   * could not be released in time. Call it before `memberExited`.
   */
  isTakenElsewhere({ fenced, hasJoined, groupInstanceId = '' }: DepartingMember): boolean {
    if (this.#options.group.durable === undefined) return false;
    return fenced && (hasJoined || !this.#slots.has(groupInstanceId));
  }

  /** Never leaves on behalf of this member: the group notices when its session ends. */
  suppressLeave(memberId: MemberId): void {
    this.#suppressed.add(memberId);
  }

  /**
   * Call when a member's thread has ended.
   * @param replacedInMs - delay until a crashed member's replacement starts; undefined for never
   * @returns resolves when the replacement may join
   */
  async memberExited(handle: DepartingMember, replacedInMs: number | undefined): Promise<void> {
    const { memberId, groupMemberId, groupInstanceId, state, fenced } = handle;
    const { signal } = this.#options;
    const crashed = state.phase === 'crashed';
    const suppressed = this.#suppressed.has(memberId);
    if (groupInstanceId === undefined) {
      if (suppressed || groupMemberId === undefined || signal.aborted) return;
      const departed = { memberId, groupMemberId, groupInstanceId };
      if (crashed) void this.#leaveFor(departed);
      // The member has sent LeaveGroup already, but a rebalance may have swallowed it: the
      // coordinator does not read a connection's next request before it has answered its JoinGroup.
      // Leaving twice is harmless.
      else void this.#attempt(departed, () => this.#options.observer.leaveFor(departed));
      return;
    }
    if (suppressed) this.#slots.delete(groupInstanceId);
    // A member that never joined leaves the slot to its predecessor.
    else if (groupMemberId !== undefined && !fenced) {
      this.#slots.set(groupInstanceId, { memberId, groupMemberId, groupInstanceId });
    }
    if (signal.aborted) return;
    const replaced = this.staticMembership && (!crashed || (replacedInMs ?? Infinity) <= slotKeptMs);
    if (!replaced) {
      await this.#vacate(groupInstanceId);
      return;
    }
    const departed = this.#slots.get(groupInstanceId);
    if (crashed && departed !== undefined) {
      await this.#attempt(departed, () => this.#options.observer.releaseInstanceIdOf(departed));
    }
    // The replacement may join only from here on, however long the answer took.
    void this.#vacateUnlessTaken(groupInstanceId, slotKeptMs + (replacedInMs ?? 0));
  }

  /**
   * Call when all members of a group have drained: leaves it on behalf of static members, which have
   * not left. Those of a durable group stay until their session ends, because the process may be
   * restarted, unless it has counted all that it was to count.
   */
  async groupStopped(): Promise<void> {
    const { group, endOffsets } = this.#options;
    if (group.durable !== undefined && endOffsets === undefined) return;
    await Promise.all([...this.#slots.keys()].map((slot) => this.#vacate(slot)));
  }

  async #vacateUnlessTaken(slot: string, inMs: number): Promise<void> {
    const { roster, signal } = this.#options;
    await sleep(inMs, undefined, { signal, ref: false }).catch(() => undefined);
    if (signal.aborted || roster.live.some(({ groupInstanceId }) => groupInstanceId === slot)) return;
    await this.#vacate(slot);
  }

  async #vacate(slot: string): Promise<void> {
    const departed = this.#slots.get(slot);
    if (departed === undefined) return;
    this.#slots.delete(slot);
    await this.#leaveFor(departed);
  }

  async #leaveFor(departed: Departed): Promise<void> {
    const { memberId } = departed;
    const hasLeft = await this.#attempt(departed, () => this.#options.observer.leaveFor(departed));
    if (hasLeft && !this.#options.signal.aborted) this.#options.emit({ type: 'leftFor', memberId });
  }

  /** @returns whether it worked; if not, the group notices when the member's session ends */
  async #attempt({ memberId }: Departed, request: () => Promise<void>): Promise<boolean> {
    try {
      await request();
      return true;
    } catch (error) {
      const { signal, emit } = this.#options;
      if (!signal.aborted) emit({ type: 'notice', memberId, error: toErrorReport(error) });
      return false;
    }
  }
}

/**
 * Pure: the group.instance.id of the first free slot, so that a replacement reuses the id of the
 * member it replaces.
 * @param prefix - what the ids begin with
 * @param taken - ids of all live members; undefined for dynamic ones
 */
export function freeInstanceId(prefix: string, taken: readonly (string | undefined)[]): string {
  let slot = 0;
  while (taken.includes(`${prefix}-${slot}`)) slot += 1;
  return `${prefix}-${slot}`;
}
