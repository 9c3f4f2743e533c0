/** What the supervisor does after a member has crashed. */
export interface RestartPolicy {
  /** Most crashes over the group's life after which a replacement starts; 0 for none. */
  readonly restartsMax: number;
  /** Delay before the first replacement, milliseconds; doubles with every crash within `calmMs` of another. */
  readonly delayMs: number;
  /** A group that ran this long without a crash starts again with the first delay. */
  readonly calmMs: number;
}

export const neverRestart: RestartPolicy = { restartsMax: 0, delayMs: 0, calmMs: 0 };
export const restartByDefault: RestartPolicy = { restartsMax: 100, delayMs: 200, calmMs: 10_000 };

const delayMsMax = 10_000;

/** What the supervisor knows when a thread has ended. */
export interface EndedMember {
  /** It had not left the group. */
  readonly crashed: boolean;
  /** The whole group is being ended. */
  readonly stopping: boolean;
  /** The error that the member reported, if any. */
  readonly failed: boolean;
  /**
   * Another member has taken its group.instance.id slot, or the slot is not released yet; the group
   * itself is healthy.
   */
  readonly fenced: boolean;
  /** A replacement would fail in the same way. */
  readonly hopeless: boolean;
  /** No other member of the group is alive. */
  readonly wasLast: boolean;
}

export type AfterEnd =
  | { readonly type: 'replace'; readonly delayMs: number }
  /** The group has failed. */
  | { readonly type: 'giveUp' }
  | { readonly type: 'continue' };

/**
 * Pure: the group continues without a member that was killed and is not replaced, but not after a
 * fatal error, and not without any member.
 * @param crashesMs - times of the crashes that count so far, newest last
 */
export function afterEnd(member: EndedMember, policy: RestartPolicy, crashesMs: readonly number[]): AfterEnd {
  if (!member.crashed || member.stopping) return { type: 'continue' };
  const delayMs = member.hopeless || policy.restartsMax === 0 ? undefined : restartDelayMs(policy, crashesMs);
  if (delayMs !== undefined) return { type: 'replace', delayMs };
  const hasFailed = member.failed && (!member.fenced || member.hopeless);
  return { type: hasFailed || member.wasLast ? 'giveUp' : 'continue' };
}

/** Pure. @param crashesMs - times of all crashes so far, the newest last. @returns undefined for no replacement */
export function restartDelayMs(policy: RestartPolicy, crashesMs: readonly number[]): number | undefined {
  if (crashesMs.length > policy.restartsMax) return undefined;
  let inARow = 0;
  for (let index = crashesMs.length - 1; index > 0; index -= 1) {
    if ((crashesMs[index] ?? 0) - (crashesMs[index - 1] ?? 0) >= policy.calmMs) break;
    inARow += 1;
  }
  return Math.min(policy.delayMs * 2 ** inARow, delayMsMax);
}
