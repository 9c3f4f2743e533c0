import { ClusterError } from '../errors.ts';
import type { MemberId } from '../protocol/ids.ts';
import type { MemberHandle } from './member-handle.ts';
import { ended } from './member-state.ts';

/** All members that a group has had, including those that have ended. */
export class Roster {
  readonly #members = new Map<MemberId, MemberHandle>();
  readonly #groupId: string;
  #isClosed = false;

  constructor(groupId: string) {
    this.#groupId = groupId;
  }

  /** From now on the group gets no new members. */
  close(): void {
    this.#isClosed = true;
  }

  get isClosed(): boolean {
    return this.#isClosed;
  }

  /** @throws ClusterError usage when the group has stopped */
  requireOpen(): void {
    if (this.#isClosed) throw new ClusterError('usage', `group ${this.#groupId} has stopped`);
  }

  add(handle: MemberHandle): void {
    this.#members.set(handle.memberId, handle);
  }

  find(memberId: MemberId): MemberHandle | undefined {
    return this.#members.get(memberId);
  }

  /** @throws ClusterError usage when the member does not exist */
  get(memberId: MemberId): MemberHandle {
    const handle = this.#members.get(memberId);
    if (handle === undefined) throw new ClusterError('usage', `no such member: ${memberId}`);
    return handle;
  }

  get all(): readonly MemberHandle[] {
    return [...this.#members.values()];
  }

  get live(): readonly MemberHandle[] {
    return this.all.filter(({ state }) => !ended(state));
  }

  /** Text for error messages: `member 0 assigned, member 1 joining`. */
  phases(): string {
    return this.all.map(({ memberId, state }) => `member ${memberId} ${state.phase}`).join(', ');
  }
}
