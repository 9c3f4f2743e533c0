import type { GroupConfig } from '../config/group.ts';
import { nowMs } from '../time/clock.ts';
import type { MemberHandle } from './member-handle.ts';

type CrashedMember = Pick<MemberHandle, 'error' | 'hopeless'>;

/** When members of a group crashed, and whether replacements would fail in the same way. */
export class Crashes {
  readonly #timesMs: number[] = [];
  /** Time of the crash of the last member that was in the group. */
  #deathMs = -Infinity;

  /**
   * The newest last. Without members whose commit was interrupted: rebalances and brokers that do not
   * respond cause that, and a group may meet any number of them.
   */
  get timesMs(): readonly number[] {
    return this.#timesMs;
  }

  add({ error }: CrashedMember): void {
    const atMs = nowMs();
    if (error?.code !== 'commitInterrupted') this.#timesMs.push(atMs);
    if (error?.code !== 'groupFull') this.#deathMs = atMs;
  }

  /**
   * True when a replacement would fail in the same way. A full group has room again when the session
   * of a dead member has ended.
   */
  repeats({ error, hopeless }: CrashedMember, { sessionTimeoutMs }: Pick<GroupConfig, 'sessionTimeoutMs'>): boolean {
    return hopeless || (error?.code === 'groupFull' && nowMs() - this.#deathMs > sessionTimeoutMs);
  }
}
