import type { GroupConfig } from '../config/group.ts';
import { toErrorReport } from '../errors.ts';
import type { GroupObserver } from '../kafka/kafkajs/group-observer.ts';
import type { GroupMember } from '../kafka/kafkajs/leave-request.ts';
import { sleep } from '../time/sleep.ts';
import type { MemberId } from '../protocol/ids.ts';
import type { MemberHandle } from './member-handle.ts';
import type { ClusterEvent } from './supervisor-options.ts';

/** The part of a member's handle that departures need. */
type DepartingMember = Pick<MemberHandle, 'memberId' | 'groupMemberId' | 'groupInstanceId' | 'state'>;

export interface DeparturesOptions {
  readonly group: GroupConfig;
  readonly observer: Pick<GroupObserver, 'leaveFor' | 'releasePlaceOf'>;
  readonly roster: { readonly live: readonly DepartingMember[] };
  /** Aborted when the whole group is being ended. */
  readonly signal: AbortSignal;
  readonly emit: (event: ClusterEvent) => void;
}

interface Departed extends GroupMember {
  readonly memberId: MemberId;
}

/** The place of a static member is kept this long past the time of its replacement: one that is asked for at once has it in hand. */
const placeKeptMs = 1_000;

/**
 * Tells the group about members whose threads have ended, so that the group need not wait for their
 * session timeout. This happens only after the thread has ended, when its client can no longer
 * rejoin. A static member does not leave its group, even when it is drained: its group.instance.id
 * slot and its partitions are reserved for the replacement. When no replacement comes, the
 * supervisor leaves on its behalf.
 */
export class Departures {
  readonly #options: DeparturesOptions;
  /** Members that the group is to miss by their silence. */
  readonly #silent = new Set<MemberId>();
  /** Who had a static member's place last, as far as is known; by group.instance.id. */
  readonly #places = new Map<string, Departed>();
  /** Members that start from now on are static. */
  staticMembership: boolean;

  constructor(options: DeparturesOptions) {
    this.#options = options;
    this.staticMembership = options.group.staticMembership;
  }

  /**
   * The group.instance.id slot for a member that is about to start; undefined for a dynamic member.
   */
  placeForNext(): string | undefined {
    if (!this.staticMembership) return undefined;
    const taken = this.#options.roster.live.map(({ groupInstanceId }) => groupInstanceId);
    return freePlace(this.#options.group.groupId, taken);
  }

  /** Does not notify the group of this member's death. */
  missBySilence(memberId: MemberId): void {
    this.#silent.add(memberId);
  }

  /**
   * Call when a member's thread has ended.
   * @param replacedInMs - delay until a crashed member's replacement starts; undefined for never
   * @returns resolves when the replacement may join
   */
  async over(handle: DepartingMember, replacedInMs: number | undefined): Promise<void> {
    const { memberId, groupMemberId, groupInstanceId, state } = handle;
    const { signal } = this.#options;
    const crashed = state.phase === 'crashed';
    const silent = this.#silent.has(memberId);
    if (groupInstanceId === undefined) {
      if (silent || groupMemberId === undefined || signal.aborted) return;
      const departed = { memberId, groupMemberId, groupInstanceId };
      if (crashed) void this.#leaveFor(departed);
      // The member has sent LeaveGroup already, but a rebalance may have swallowed it: the
      // coordinator does not read a connection's next request before it has answered its JoinGroup.
      // Leaving twice is harmless.
      else void this.#told(departed, () => this.#options.observer.leaveFor(departed));
      return;
    }
    if (silent) this.#places.delete(groupInstanceId);
    // One that did not get so far as to join has left its place to the one before.
    else if (groupMemberId !== undefined) {
      this.#places.set(groupInstanceId, { memberId, groupMemberId, groupInstanceId });
    }
    if (signal.aborted) return;
    const replaced = this.staticMembership && (!crashed || (replacedInMs ?? Infinity) <= placeKeptMs);
    if (!replaced) {
      await this.#vacate(groupInstanceId);
      return;
    }
    const departed = this.#places.get(groupInstanceId);
    if (crashed && departed !== undefined) {
      await this.#told(departed, () => this.#options.observer.releasePlaceOf(departed));
    }
    // Only from here on may the replacement join, however long the answer took.
    void this.#vacateUnlessTaken(groupInstanceId, placeKeptMs + (replacedInMs ?? 0));
  }

  /** When the whole group has been ended in order: leaves it for static members, which did not. */
  async allOver(): Promise<void> {
    await Promise.all([...this.#places.keys()].map((place) => this.#vacate(place)));
  }

  async #vacateUnlessTaken(place: string, inMs: number): Promise<void> {
    const { roster, signal } = this.#options;
    await sleep(inMs, undefined, { signal, ref: false }).catch(() => undefined);
    if (signal.aborted || roster.live.some(({ groupInstanceId }) => groupInstanceId === place)) return;
    await this.#vacate(place);
  }

  async #vacate(place: string): Promise<void> {
    const departed = this.#places.get(place);
    if (departed === undefined) return;
    this.#places.delete(place);
    await this.#leaveFor(departed);
  }

  async #leaveFor(departed: Departed): Promise<void> {
    const { memberId } = departed;
    const told = await this.#told(departed, () => this.#options.observer.leaveFor(departed));
    if (told && !this.#options.signal.aborted) this.#options.emit({ type: 'leftFor', memberId });
  }

  /** @returns whether it worked; if not, the group misses the member by its silence */
  async #told({ memberId }: Departed, tell: () => Promise<void>): Promise<boolean> {
    try {
      await tell();
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
 * @param taken - ids of all live members; undefined for dynamic ones
 */
export function freePlace(groupId: string, taken: readonly (string | undefined)[]): string {
  let slot = 0;
  while (taken.includes(`${groupId}-${slot}`)) slot += 1;
  return `${groupId}-${slot}`;
}
